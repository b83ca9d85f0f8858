"""Mailings over a provider's API: one call for many messages if possible, and the meaning of answers."""

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailSerializationError,
)
from anymail.message import AnymailRecipientStatus
from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from django.core import mail as django_mail

from newsletter.delivery.messages import Message, compose
from newsletter.delivery.outcomes import (
    AddressRefused,
    Outcome,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
)
from newsletter.delivery.transports import Transport, make_transport
from newsletter.delivery.transports.provider import (
    ProviderTransport,
    outcome_of_error,
    outcome_of_status,
)
from newsletter.mail_content import MailContent, Slot

from .payloads import ADDRESS
from .provider_api import Answer, ProviderApi, running

INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive. Found inactive addresses: "
    "reader1@example.org. Inactive recipients are ones that have generated a hard bounce, a spam complaint, "
    "or a manual suppression."
)
QUEUED = {"id": "<20261126.1@mg.example.org>", "message": "Queued. Thank you."}


CONTENT = MailContent(
    subject="Justice, in brief – novembre",
    html=f'<p>Été</p><a href="{Slot.UNSUBSCRIBE}">Leave</a> <a href="{Slot.PREFERENCES}">Choose</a>',
    text=f"Été\n{Slot.UNSUBSCRIBE}\n{Slot.PREFERENCES}\n",
    language="fr",
)


def message_to(number: int, content: MailContent = CONTENT) -> Message:
    """Return the message to a numbered recipient."""
    site = "https://www.example.org/newsletter"
    links = {
        Slot.UNSUBSCRIBE: f"{site}/unsubscribe/token{number}/?issue=7",
        Slot.PREFERENCES: f"{site}/preferences/token{number}/",
    }
    return compose(content).for_(
        address=f"reader{number}@example.org",
        links=links,
        mailing_id=7,
        delivery_id=number,
        message_id=f"<7.{number}.issue@www.example.org>",
    )


@pytest.fixture
def api() -> Iterator[ProviderApi]:
    with running() as api:
        yield api


@pytest.fixture
def mailgun(api: ProviderApi, settings: Any) -> Iterator[Transport]:
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_API_URL": api.address,
        "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        "REQUESTS_TIMEOUT": 0.5,
    }
    api.answers = [Answer(body=QUEUED)]
    yield from opened()


@pytest.fixture
def postmark(api: ProviderApi, settings: Any) -> Iterator[Transport]:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": api.address,
        "REQUESTS_TIMEOUT": 0.5,
    }
    api.answers = [Answer(body=accepted(1))]
    yield from opened()


def opened() -> Iterator[Transport]:
    transport = make_transport()
    assert isinstance(transport, ProviderTransport)
    assert transport.open() is None
    yield transport
    transport.close()


def accepted(number: int) -> dict[str, Any]:
    return {
        "To": f"reader{number}@example.org",
        "SubmittedAt": "2026-11-26T10:00:00Z",
        "MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d",
        "ErrorCode": 0,
        "Message": "OK",
    }


def refused(code: int, message: str) -> Answer:
    return Answer(status=422, body={"ErrorCode": code, "Message": message})


# Many in one call


def test_one_call_carries_many_messages_with_personal_links(
    mailgun: Transport, api: ProviderApi
) -> None:
    assert mailgun.batch_size == 100
    outcomes = mailgun.send([message_to(1), message_to(2), message_to(3)])
    assert list(outcomes) == [Sent()] * 3
    [request] = api.requests
    assert request["path"] == "/mg.example.org/messages"
    fields = request["fields"]
    assert fields["to"] == [f"reader{number}@example.org" for number in (1, 2, 3)]
    assert fields["subject"] == [CONTENT.subject]
    assert "%recipient.unsubscribe%" in fields["html"][0]
    assert "%recipient.preferences%" in fields["text"][0]
    variables = json.loads(fields["recipient-variables"][0])
    for number in (1, 2, 3):
        own = variables[f"reader{number}@example.org"]
        assert own["unsubscribe"] == message_to(number).links[Slot.UNSUBSCRIBE]
        assert own["preferences"] == message_to(number).links[Slot.PREFERENCES]
        assert own["v:delivery"] == str(number)
        assert own["h:List-Unsubscribe"] == message_to(number).headers["List-Unsubscribe"]
        assert own["h:Message-Id"] == message_to(number).headers["Message-ID"]
    assert fields["h:List-Unsubscribe"] == ["%recipient.h:List-Unsubscribe%"]
    assert fields["v:delivery"] == ["%recipient.v:delivery%"]
    assert not any(Slot.UNSUBSCRIBE in str(values) for values in fields.values())


def test_opens_and_clicks_are_not_tracked(mailgun: Transport, api: ProviderApi) -> None:
    mailgun.send([message_to(1), message_to(2)])
    mailgun.send([message_to(3)])
    assert len(api.requests) == 2
    for request in api.requests:
        assert request["fields"]["o:tracking-opens"] == ["no"]
        assert request["fields"]["o:tracking-clicks"] == ["no"]


def test_each_language_takes_a_separate_call(mailgun: Transport, api: ProviderApi) -> None:
    english = replace(CONTENT, subject="Brief", language="en")
    api.answers = [Answer(body=QUEUED), Answer(status=503, body={})]
    outcomes = mailgun.send(
        [message_to(1), message_to(2, english), message_to(3), message_to(4, english)]
    )
    unavailable = ServerUnavailable("503")
    assert list(outcomes) == [Sent(), unavailable, Sent(), unavailable]
    assert [request["fields"]["subject"] for request in api.requests] == [
        [CONTENT.subject],
        ["Brief"],
    ]


def test_content_that_looks_like_placeholders_is_sent_one_by_one(
    mailgun: Transport, api: ProviderApi
) -> None:
    content = replace(CONTENT, text=f"Write %recipient.name% {Slot.UNSUBSCRIBE}")
    assert list(mailgun.send([message_to(1, content), message_to(2, content)])) == [Sent()] * 2
    assert [request["fields"]["to"] for request in api.requests] == [
        ["reader1@example.org"],
        ["reader2@example.org"],
    ]
    assert "recipient-variables" not in api.requests[0]["fields"]


def test_one_bad_address_does_not_affect_the_others(mailgun: Transport, api: ProviderApi) -> None:
    bad = Answer(status=400, body={"message": "'to' parameter is not a valid address"})
    fine = Answer(body=QUEUED)
    api.answers = [bad, fine, bad, fine]
    outcomes = mailgun.send([message_to(1), message_to(2), message_to(3)])
    assert list(outcomes) == [Sent(), TemporaryFailure("400"), Sent()]
    assert len(api.requests) == 4


def test_a_silent_server_is_waited_for_once(mailgun: Transport, api: ProviderApi) -> None:
    api.answers = [Answer(status=400, body={}), Answer(silent_for=5)]
    outcomes = mailgun.send([message_to(1), message_to(2), message_to(3)])
    later = ServerUnavailable("ReadTimeout")
    assert list(outcomes) == [Unknown("ReadTimeout"), later, later]
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    ("provider", "settings_of_it", "place", "of_recipient"),
    [
        (
            "sparkpost",
            {"SPARKPOST_API_KEY": "key", "SPARKPOST_API_URL": ""},
            "{{unsubscribe}}",
            lambda fields: fields["recipients"][1]["substitution_data"]["unsubscribe"],
        ),
        (
            "brevo",
            {"BREVO_API_KEY": "key", "BREVO_API_URL": ""},
            "{{params.unsubscribe}}",
            lambda fields: fields["messageVersions"][1]["params"]["unsubscribe"],
        ),
    ],
)
def test_other_providers_with_batches(  # noqa: PLR0917
    provider: str,
    settings_of_it: dict[str, str],
    place: str,
    of_recipient: Any,
    api: ProviderApi,
    settings: Any,
) -> None:
    settings.EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"
    settings.ANYMAIL = {key: value or api.address for key, value in settings_of_it.items()}
    results = {"total_accepted_recipients": 2, "total_rejected_recipients": 0, "id": "1"}
    api.answers = [Answer(body={"results": results, "messageIds": ["<1@x>", "<2@x>"]})]
    [transport] = opened()
    assert list(transport.send([message_to(1), message_to(2)])) == [Sent()] * 2
    [request] = api.requests
    assert place in json.dumps(request["fields"])
    assert of_recipient(request["fields"]) == message_to(2).links[Slot.UNSUBSCRIBE]
    assert message_to(2).headers["List-Unsubscribe"] in json.dumps(request["fields"])


# One in a call


def test_one_message_a_call_over_one_connection(postmark: Transport, api: ProviderApi) -> None:
    assert postmark.batch_size == 1
    api.answers = [Answer(body=accepted(number)) for number in (1, 2, 3)]
    outcomes = [outcome for number in (1, 2, 3) for outcome in postmark.send([message_to(number)])]
    assert outcomes == [Sent()] * 3
    assert api.connections == 1
    assert len(api.requests) == 3
    for number, request in enumerate(api.requests, start=1):
        fields = request["fields"]
        assert fields["To"] == f"reader{number}@example.org"
        assert fields["Metadata"] == {"delivery": str(number)}
        assert message_to(number).links[Slot.UNSUBSCRIBE] in fields["HtmlBody"]
        assert message_to(number).links[Slot.UNSUBSCRIBE] in fields["TextBody"]
        headers = {header["Name"]: header["Value"] for header in fields["Headers"]}
        assert headers == dict(message_to(number).headers)
        assert (fields["TrackOpens"], fields["TrackLinks"]) == (False, "None")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refused(406, INACTIVE), AddressRefused),
        (refused(300, "Invalid 'To' address: 'reader1@example.org'."), AddressRefused),
        (refused(400, "The sender signature was not found."), TemporaryFailure),
        (Answer(status=429, body={}), ServerUnavailable),
        (Answer(status=401, body={"ErrorCode": 10, "Message": "Bad token"}), ServerUnavailable),
        (Answer(status=500, body={}), ServerUnavailable),
        (Answer(status=503, body={}), ServerUnavailable),
        (Answer(status=504, body={}), Unknown),
        (Answer(status=200, body="no such answer"), Unknown),
        (Answer(hang_up=True), Unknown),
        (Answer(silent_for=5), Unknown),
    ],
)
def test_meaning_of_answers(
    answer: Answer, outcome: type[Outcome], postmark: Transport, api: ProviderApi
) -> None:
    api.answers = [answer]
    [got] = postmark.send([message_to(1)])
    assert type(got) is outcome
    assert not isinstance(got, Sent)
    assert "@" not in got.error
    assert 0 < len(got.error) <= 80
    api.answers = [Answer(body=accepted(2))]
    assert list(postmark.send([message_to(2)])) == [Sent()], "it continues after an error"


def test_a_missing_answer_makes_the_whole_call_unknown(
    mailgun: Transport, api: ProviderApi
) -> None:
    api.answers = [Answer(silent_for=5)]
    assert list(mailgun.send([message_to(1), message_to(2)])) == [Unknown("ReadTimeout")] * 2
    assert len(api.requests) == 1, "it is not sent again"


def test_a_refused_connection_hands_nothing_over(postmark: Transport, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": f"http://127.0.0.1:{port}/"}
    [transport] = opened()
    assert list(transport.send([message_to(1)])) == [ServerUnavailable("ConnectionError")]


@pytest.mark.parametrize(
    "broken",
    [
        {
            "REQUESTS_TIMEOUT": "4"
        },  # requests rejects this text, but only after it has chosen a pool.
        {"SEND_DEFAULTS": {"metadata": 7}},
        {"MAILGUN_SENDER_DOMAIN": "a/b"},
    ],
)
def test_errors_before_any_request_are_never_uncertain(
    broken: dict[str, Any],
    mailgun: Transport,
    api: ProviderApi,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, **broken}
    [transport] = opened()
    outcomes = transport.send([message_to(1), message_to(2)])
    assert len(outcomes) == 2
    for outcome in outcomes:
        assert isinstance(outcome, TemporaryFailure | ServerUnavailable)
        assert outcome.error
    assert api.requests == []
    assert "@example.org" not in caplog.text


def test_a_client_that_cannot_be_created_is_an_unavailable_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    settings.ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": {"region_name": "no such region"}}
    transport = make_transport()
    assert list(transport.send([message_to(1)])) == [ServerUnavailable("InvalidRegionError")]


def test_an_invalid_call_to_amazon_is_known_not_to_have_left(settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as server:
        params = {
            "region_name": "eu-west-1",
            "endpoint_url": f"http://127.0.0.1:{server.getsockname()[1]}",
            "aws_access_key_id": "id",
            "aws_secret_access_key": "key",
            "config": {"read_timeout": 0.3, "retries": {"total_max_attempts": 1}},
        }
        settings.ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": params}
        [transport] = opened()
        assert list(transport.send([message_to(1)])) == [Unknown("ReadTimeoutError")]
        settings.ANYMAIL["AMAZON_SES_CONFIGURATION_SET_NAME"] = 7  # botocore accepts only text.
        [transport] = opened()
        assert list(transport.send([message_to(1)])) == [ServerUnavailable("ParamValidationError")]


def test_logs_contain_nothing_of_a_message(
    mailgun: Transport, api: ProviderApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.answers = [Answer(status=500, body={"message": "reader1@example.org"})]
    mailgun.send([message_to(1), message_to(2)])
    assert "@example.org" not in caplog.text


def amazon(code: int | None, cause: Exception) -> AnymailAPIError:
    """Return the error in the form in which django-anymail raises errors of botocore."""
    response = {"ResponseMetadata": {"HTTPStatusCode": code}} if code else None
    error = AnymailAPIError(f"{ADDRESS} is not verified", response=response)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (amazon(400, ClientError({}, "SendEmail")), TemporaryFailure("400")),
        (amazon(429, ClientError({}, "SendEmail")), ServerUnavailable("429")),
        (amazon(403, ClientError({}, "SendEmail")), ServerUnavailable("403")),
        (amazon(None, NoCredentialsError()), ServerUnavailable("NoCredentialsError")),
        (
            amazon(None, EndpointConnectionError(endpoint_url="https://x")),
            ServerUnavailable("EndpointConnectionError"),
        ),
        (
            amazon(None, ReadTimeoutError(endpoint_url="https://x")),
            Unknown("ReadTimeoutError"),
        ),
        (AnymailInvalidAddress(ADDRESS), AddressRefused("invalid")),
        (AnymailSerializationError(ADDRESS), ServerUnavailable("AnymailSerializationError")),
    ],
)
def test_meaning_of_errors(error: AnymailError, outcome: Outcome) -> None:
    assert outcome_of_error(error) == outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("sent", Sent()),
        ("queued", Sent()),
        ("rejected", AddressRefused("rejected")),
        ("invalid", AddressRefused("invalid")),
        ("failed", TemporaryFailure("failed")),
        ("unknown", Unknown("no status")),
    ],
)
def test_meaning_of_statuses(status: str, outcome: Outcome) -> None:
    recipient = AnymailRecipientStatus(message_id=None, status=status)
    assert outcome_of_status(recipient) == outcome


# Without a provider


def test_the_outbox_of_tests_gets_the_same_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    [transport] = opened()
    assert list(transport.send([message_to(1), message_to(2)])) == [Sent()] * 2
    first, second = django_mail.outbox
    assert first.to == ["reader1@example.org"]
    message = second.message()
    for name, value in message_to(2).headers.items():
        assert message.get_all(name) == [value]
    assert message.get_content_type() == "multipart/alternative"
    for part in message.walk():
        if not part.is_multipart():
            body = str(part.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]
            assert message_to(2).links[Slot.UNSUBSCRIBE] in body
            assert "%%" not in body


def test_a_transport_can_be_opened_again(mailgun: Transport, api: ProviderApi) -> None:
    mailgun.close()
    mailgun.close()
    assert list(mailgun.send([message_to(1)])) == [Sent()]
