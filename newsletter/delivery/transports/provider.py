"""Transport over a Django backend other than SMTP: a provider's API through django-anymail, or the outbox of tests."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from http import HTTPStatus
from typing import Any

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from anymail.message import AnymailRecipientStatus
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from newsletter.delivery.messages import Message
from newsletter.delivery.outcomes import (
    AddressRefused,
    Outcome,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
    not_made,
)
from newsletter.mail_content import MailContent, Slot, fill

logger = logging.getLogger(__name__)

# Placeholders of the providers that merge each recipient's values and headers into the content of one call. Other
# providers get one message a call.
PLACEHOLDERS: Mapping[str, str] = {
    "Brevo": "{{params.%s}}",
    "Mailgun": "%%recipient.%s%%",
    "SparkPost": "{{%s}}",
}
MANY = 100
# Text that a provider would replace.
PLACEHOLDER_SYNTAX = re.compile(r"\{\{|\{%|%recipient\.")


class ProviderTransport:
    """A `Transport`. Each message carries the id of its delivery, which providers return with their events."""

    def __init__(self) -> None:
        backend = import_string(settings.EMAIL_BACKEND)
        # Ignore features that a provider lacks, such as switching off open tracking or keeping our id.
        self._connection = (
            get_connection(ignore_unsupported_features=True)
            if issubclass(backend, AnymailBaseBackend)
            else get_connection()
        )
        self._placeholder = PLACEHOLDERS.get(getattr(self._connection, "esp_name", ""))
        self._departure = Departure()

    @property
    def batch_size(self) -> int:
        return MANY if self._placeholder else 1

    def open(self) -> ServerUnavailable | None:
        try:
            is_new = self._connection.open()
        except Exception as error:  # noqa: BLE001 - each library raises its own errors, and nothing was sent yet
            logger.warning("newsletter.provider_not_opened", extra={"error": type(error).__name__})
            return ServerUnavailable(type(error).__name__)
        if is_new:
            self._departure.watch(self._connection)
        return None

    def close(self) -> None:
        self._connection.close()

    def send(self, mails: Sequence[Message]) -> Sequence[Outcome]:
        if unavailable := self.open():
            return [unavailable for _mail in mails]
        by_content: dict[int, list[Message]] = {}
        for mail in mails:
            by_content.setdefault(id(mail.content), []).append(mail)
        outcomes: dict[int, Outcome] = {}
        for group in by_content.values():
            found = self._send_same_content(group)
            outcomes |= zip((mail.delivery_id for mail in group), found, strict=True)
        return [outcomes[mail.delivery_id] for mail in mails]

    def send_message(self, message: EmailMessage) -> Outcome:
        if unavailable := self.open():
            return unavailable
        [outcome] = self._call(message, message.to)
        return outcome

    def _send_same_content(self, mails: list[Message]) -> Iterator[Outcome]:
        if self._placeholder and len(mails) > 1 and not _has_placeholder_syntax(mails[0].content):
            outcomes = self._call(
                _mail_to_many(mails, self._placeholder), [mail.address for mail in mails]
            )
            if not any(outcome in MAY_BE_ONE_RECIPIENT for outcome in outcomes):
                yield from outcomes
                return
            # The provider refused the whole call, perhaps because of one address. Send one by one.
        trouble: Outcome | None = None
        for mail in mails:
            if trouble is None:
                [outcome] = self._call(_mail_to_one(mail), [mail.address])
                yield outcome
                if isinstance(outcome, ServerUnavailable | Unknown):
                    trouble = ServerUnavailable(outcome.error)
            else:  # Not tried, so that only one call waits for a silent server.
                yield trouble

    def _call(self, message: EmailMessage, addresses: list[str]) -> list[Outcome]:
        """Hand over a message to these addresses; return an outcome for each."""
        self._departure.expect()
        try:
            self._connection.send_messages([message])
        except AnymailRecipientsRefused:
            pass  # The status of each recipient is read below.
        except AnymailError as error:
            return [outcome_of_error(error)] * len(addresses)
        except Exception as error:
            if not self._departure.has_begun:
                return [not_made(error)] * len(addresses)
            if isinstance(error, OSError | AttributeError | LookupError | TypeError | ValueError):
                # Reading a malformed answer may raise any of these.
                return [Unknown(type(error).__name__)] * len(addresses)
            raise
        if not isinstance(self._connection, AnymailBaseBackend):
            return [Sent()] * len(addresses)
        recipients = message.anymail_status.recipients  # type: ignore[attr-defined]
        return [outcome_of_status(recipients.get(address)) for address in addresses]


def _mail_to_one(mail: Message) -> EmailMultiAlternatives:
    message = _message(mail.content, mail.links, to=[mail.address])
    message.extra_headers = dict(mail.headers)
    message.metadata = {"delivery": str(mail.delivery_id)}  # type: ignore[attr-defined]
    return message


def _mail_to_many(mails: Sequence[Message], place: str) -> EmailMultiAlternatives:
    """Build one call whose recipients each see only their own address, links and headers."""
    content = mails[0].content
    names = {slot: slot.name.lower() for slot in mails[0].links}
    places = {slot: place % name for slot, name in names.items()}
    message = _message(content, places, to=[mail.address for mail in mails])
    message.merge_data = {  # type: ignore[attr-defined]
        mail.address: {names[slot]: link for slot, link in mail.links.items()} for mail in mails
    }
    # Every header for each recipient, since with some providers these replace the headers of the message.
    message.merge_headers = {  # type: ignore[attr-defined]
        mail.address: dict(mail.headers) for mail in mails
    }
    message.merge_metadata = {  # type: ignore[attr-defined]
        mail.address: {"delivery": str(mail.delivery_id)} for mail in mails
    }
    return message


def _message(
    content: MailContent, links: Mapping[Slot, str], *, to: list[str]
) -> EmailMultiAlternatives:
    in_html = {slot: escape(link) for slot, link in links.items()}
    message = EmailMultiAlternatives(subject=content.subject, body=fill(content.text, links), to=to)
    message.attach_alternative(fill(content.html, in_html), "text/html")
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    return message


def _has_placeholder_syntax(content: MailContent) -> bool:
    return any(
        PLACEHOLDER_SYNTAX.search(text) for text in (content.subject, content.html, content.text)
    )


BEFORE_CALL_OF_AMAZON = "before-send.sesv2.*"


class Departure:
    """Records whether a call to a provider's API has begun to leave this machine: `has_begun`, since the last `expect`.

    An error before that is known not to have sent anything, whatever its type: a setting of the wrong type, a message
    that cannot be serialised, an account without credentials. True as well if the library cannot be watched.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self._can_tell = False

    def watch(self, connection: Any) -> None:
        """Watch a newly opened backend of django-anymail, whether it uses requests or botocore."""
        session, client = getattr(connection, "session", None), getattr(connection, "client", None)
        self._can_tell = True
        if isinstance(session, requests.Session):
            for scheme in ("https://", "http://"):
                session.mount(scheme, _WatchedAdapter(self.begin))
        elif client is not None and hasattr(client, "meta"):
            client.meta.events.register(BEFORE_CALL_OF_AMAZON, self.begin)
        else:
            self._can_tell = False

    def expect(self) -> None:
        """Forget any earlier call. To be called before each one."""
        self.has_begun = not self._can_tell

    def begin(self, **_event: object) -> None:
        """Record that a request is about to be written to a connection."""
        self.has_begun = True


class _WatchedAdapter(HTTPAdapter):
    """Calls `begin` once a request is prepared and about to be sent over its connection pool."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        send = type(pool).urlopen

        def urlopen(*args: Any, **options: Any) -> Any:
            self._begin()
            return send(pool, *args, **options)

        pool.urlopen = urlopen
        return pool


# Meaning of a provider's answers. Their text is dropped, since it quotes addresses or the whole mail.

# The provider understood the call and refused it, because of its content, its sender or a recipient.
REFUSED = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
# Temporary, since an unverified sender is refused in the same way and would lose every recipient.
MAY_BE_ONE_RECIPIENT = frozenset(TemporaryFailure(str(int(status))) for status in REFUSED)

# No connection was made, so nothing was sent. Errors of botocore are compared by name: it is installed only for Amazon.
BEFORE_SENDING = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)
BEFORE_SENDING_TO_AMAZON = {
    "ConnectTimeoutError",
    "CredentialRetrievalError",
    "EndpointConnectionError",
    "NoCredentialsError",
    "NoRegionError",
    "ParamValidationError",
    "PartialCredentialsError",
    "ProxyConnectionError",
    "SSLError",
}


def outcome_of_status(status: AnymailRecipientStatus | None) -> Outcome:
    """Return the outcome for one recipient of a call that the provider accepted."""
    match status.status if status else None:
        case "sent" | "queued":
            return Sent()
        case "rejected" | "invalid" as refusal:
            return AddressRefused(refusal)
        case "failed":
            return TemporaryFailure("failed")
        case _:
            return Unknown("no status")


def outcome_of_error(error: AnymailError) -> Outcome:
    """Return the outcome for every mail of a call that failed."""
    if isinstance(error, AnymailInvalidAddress):
        return AddressRefused("invalid")
    status = _status_of(error)
    if status is not None:
        return _outcome_of_http(status)
    cause = error.__cause__
    name = type(cause or error).__name__
    if isinstance(cause, BEFORE_SENDING) or name in BEFORE_SENDING_TO_AMAZON:
        return ServerUnavailable(name)
    if isinstance(cause, requests.ConnectionError) and _never_connected(cause):
        return ServerUnavailable(name)
    if cause is None:  # The error occurred before any call: a wrong setting or a bug.
        return ServerUnavailable(name)
    return Unknown(name)


def _outcome_of_http(status: int) -> Outcome:
    code = str(int(status))
    if status in REFUSED:
        return TemporaryFailure(code)
    # The provider accepted the call but its answer could not be read, or a gateway timed out.
    if status < 300 or status == HTTPStatus.GATEWAY_TIMEOUT:
        return Unknown(code)
    return ServerUnavailable(
        code
    )  # A limit, a wrong key, a wrong URL, or an error of the provider.


def _status_of(error: AnymailError) -> int | None:
    if error.status_code is not None:
        return int(error.status_code)
    if isinstance(error.response, dict):  # Amazon's
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return int(status) if status else None
    return None


def _never_connected(cause: requests.ConnectionError) -> bool:
    """Return whether the connection was never made. If it was lost later, the mail may have arrived."""
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)
