"""Mail by a Django backend other than SMTP: a provider's API through django-anymail, or the mailbox of tests."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from newsletter.delivery.messages import Message
from newsletter.delivery.outcomes import Outcome, Sent, ServerUnavailable, Unknown, not_made
from newsletter.mail_content import MailContent, Slot, fill

from .departure import Departure
from .provider_answers import MAY_BE_ONE_RECIPIENT, outcome_of_error, outcome_of_status

logger = logging.getLogger(__name__)

# Providers that fill each recipient's own values and headers into one call's content, and their syntax of
# placeholders. All others take one message a call.
PLACEHOLDERS: Mapping[str, str] = {
    "Brevo": "{{params.%s}}",
    "Mailgun": "%%recipient.%s%%",
    "SparkPost": "{{%s}}",
}
MANY = 100
# What a provider would take for a placeholder.
PLACEHOLDER_SYNTAX = re.compile(r"\{\{|\{%|%recipient\.")


class ProviderTransport:
    """A `Transport`. Each message carries its delivery's id, which comes back with events: see `feedback`."""

    def __init__(self) -> None:
        backend = import_string(settings.EMAIL_BACKEND)
        # Leave out what a provider cannot do, such as switching off open tracking or keeping our id.
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
        except Exception as error:  # noqa: BLE001 - each library has its own, and nothing was sent yet
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
            # The call was refused as a whole, perhaps for one address among them.
        trouble: Outcome | None = None
        for mail in mails:
            if trouble is None:
                [outcome] = self._call(_mail_to_one(mail), [mail.address])
                yield outcome
                if isinstance(outcome, ServerUnavailable | Unknown):
                    trouble = ServerUnavailable(outcome.error)
            else:  # Not tried, so that a silent server is waited for once.
                yield trouble

    def _call(self, message: EmailMessage, addresses: list[str]) -> list[Outcome]:
        """Hand over a message to these addresses; give what came of it for each."""
        self._departure.expect()
        try:
            self._connection.send_messages([message])
        except AnymailRecipientsRefused:
            pass  # All of them: each has its status.
        except AnymailError as error:
            return [outcome_of_error(error)] * len(addresses)
        except Exception as error:
            if not self._departure.has_begun:
                return [not_made(error)] * len(addresses)
            if isinstance(error, OSError | AttributeError | LookupError | TypeError | ValueError):
                # An answer of another shape than the provider's comes as whatever reading it raised.
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
    """One message, of which each recipient sees only their own address, links and headers."""
    content = mails[0].content
    names = {slot: slot.name.lower() for slot in mails[0].links}
    places = {slot: place % name for slot, name in names.items()}
    message = _message(content, places, to=[mail.address for mail in mails])
    message.merge_data = {  # type: ignore[attr-defined]
        mail.address: {names[slot]: link for slot, link in mail.links.items()} for mail in mails
    }
    # All of them for each recipient: some providers take these in place of the message's.
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
