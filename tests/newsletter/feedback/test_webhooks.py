"""Events of mail providers, posted to the site's own address."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from newsletter import services
from newsletter.choices import (
    ConsentEvent,
    DeliveryState,
    MailEventKind,
    SubscriberState,
    SuppressionReason,
)
from newsletter.models import ConsentRecord, Delivery, MailEvent, Subscriber, SuppressedAddress
from tests.newsletter.factories import SubscriberFactory

from .conftest import SECRET, Tell, basic
from .factories import everything_stored, sent_delivery
from .payloads import (
    ADDRESS,
    epoch,
    mailgun_event,
    postmark_bounce,
    postmark_complaint,
    postmark_delivery,
    postmark_unsubscription,
    sendgrid_events,
)

# What is told is acted on


def test_a_hard_bounce_ends_mail_to_the_address(delivery: Delivery, tell: Tell) -> None:
    assert tell(postmark_bounce()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.BOUNCED
    assert ConsentRecord.objects.get().event == ConsentEvent.SUPPRESSION
    event = MailEvent.objects.get()
    assert (event.kind, event.delivery) == (MailEventKind.HARD_BOUNCE, delivery)
    delivery.refresh_from_db()
    assert delivery.bounced_at == event.happened_at
    assert delivery.complained_at is None


def test_a_complaint_ends_mail_to_the_address(delivery: Delivery, tell: Tell) -> None:
    assert tell(postmark_complaint()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.COMPLAINED
    delivery.refresh_from_db()
    assert delivery.complained_at is not None


def test_who_leaves_at_the_provider_leaves_here(delivery: Delivery, tell: Tell) -> None:
    assert tell(postmark_unsubscription()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED
    assert ConsentRecord.objects.get().event == ConsentEvent.UNSUBSCRIPTION
    delivery.refresh_from_db()
    assert delivery.unsubscribed_at is not None


def test_a_delivered_mail_is_kept_and_ends_nothing(delivery: Delivery, tell: Tell) -> None:
    assert tell(postmark_delivery()).status_code == 200
    assert MailEvent.objects.get().kind == MailEventKind.DELIVERED
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


@pytest.mark.parametrize("record", ["Open", "Click"])
def test_nobody_is_tracked(record: str, delivery: Delivery, tell: Tell) -> None:
    before = everything_stored()
    opened = {"RecordType": record, "Recipient": ADDRESS, "MessageID": "1", "FirstOpen": True}
    assert tell(opened).status_code == 200
    assert everything_stored() == before


def test_the_address_is_compared_as_it_is_kept(reader: Subscriber, tell: Tell) -> None:
    tell(postmark_bounce(email="Supporter@EXAMPLE.org"))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_an_address_that_waits_for_its_confirmation_may_bounce(tell: Tell) -> None:
    SubscriberFactory.create(email=ADDRESS, signed_up_at=timezone.now() - timedelta(hours=1))
    tell(postmark_bounce())
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert MailEvent.objects.get().delivery is None


# Nothing changes


def test_a_replay_changes_nothing(delivery: Delivery, tell: Tell) -> None:
    event = postmark_bounce()
    tell(event)
    before = everything_stored()
    assert tell(event).status_code == 200
    assert everything_stored() == before


def test_a_replay_does_not_end_a_new_subscription(reader: Subscriber, tell: Tell) -> None:
    event = postmark_complaint()
    tell(event)
    Subscriber.objects.update(state=SubscriberState.CONFIRMED, confirmed_at=timezone.now())
    before = everything_stored()
    tell(event)
    assert everything_stored() == before


def test_an_event_without_a_number_is_a_replay_all_the_same(delivery: Delivery, tell: Tell) -> None:
    event = postmark_delivery()
    tell(event)
    tell(event)
    assert MailEvent.objects.count() == 1
    tell(postmark_delivery())
    assert MailEvent.objects.count() == 2, "another moment, another event"


def test_what_happened_before_the_confirmation_ends_nothing(reader: Subscriber, tell: Tell) -> None:
    assert reader.confirmed_at
    tell(postmark_complaint(at=reader.confirmed_at - timedelta(days=1)))
    assert MailEvent.objects.count() == 1
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    assert not SuppressedAddress.objects.exists()


def test_an_event_older_than_those_kept_is_refused(reader: Subscriber, tell: Tell) -> None:
    Subscriber.objects.update(confirmed_at=timezone.now() - timedelta(days=2_000))
    before = everything_stored()
    assert tell(postmark_bounce(at=timezone.now() - timedelta(days=401))).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize("told", [None, "2999-01-01T00:00:00Z", "not a date"])
def test_an_event_of_no_believable_time_happened_now(
    told: str | None, reader: Subscriber, tell: Tell
) -> None:
    tell(postmark_bounce() | {"BouncedAt": told} if told else _without(postmark_bounce()))
    assert abs(timezone.now() - MailEvent.objects.get().happened_at) < timedelta(minutes=1)
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def _without(event: dict[str, Any]) -> dict[str, Any]:
    del event["BouncedAt"]
    return event


@pytest.mark.parametrize("email", ["stranger@example.org", "no address", "", None, 5, ["a@b.org"]])
def test_an_unknown_address_changes_nothing(email: Any, reader: Subscriber, tell: Tell) -> None:
    before = everything_stored()
    assert tell(postmark_bounce(email=email)).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize("secret", ["site:wrong", "", "site", f"{SECRET}x"])
def test_a_wrong_secret_changes_nothing(secret: str, reader: Subscriber, tell: Tell) -> None:
    before = everything_stored()
    assert tell(postmark_bounce(), secret=secret).status_code == 403
    assert everything_stored() == before


def test_no_secret_is_asked_for(reader: Subscriber, client: Client) -> None:
    before = everything_stored()
    response = client.post(
        "/webhooks/mail/postmark/tracking/", postmark_bounce(), content_type="application/json"
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")
    assert everything_stored() == before


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        '"text"',
        "[" * 100_000,
        "\x00",
        '{"RecordType": ["Bounce"]}',
        '{"RecordType": "Inbound"}',
        json.dumps({"FromFull": {}}),
        json.dumps(postmark_bounce() | {"BouncedAt": 5}),
        json.dumps(postmark_bounce() | {"Type": {}}),
    ],
)
def test_a_malformed_body_changes_nothing(
    body: str, reader: Subscriber, tell: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = everything_stored()
    assert tell(body).status_code == 400
    assert everything_stored() == before
    assert all(record.exc_info is None for record in caplog.records)
    assert ADDRESS not in caplog.text


def test_a_huge_body_is_refused(reader: Subscriber, tell: Tell) -> None:
    before = everything_stored()
    assert tell(json.dumps(postmark_bounce() | {"Content": "x" * 3_000_000})).status_code == 413
    assert everything_stored() == before


# JSON brings lone surrogates and NULs, which neither UTF-8 nor PostgreSQL takes.
ANY_TEXT = st.text(st.characters()) | st.sampled_from(["\ud800", "\0", f"{ADDRESS}\ud800"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
PROVIDERS = ["brevo", "mailjet", "mailtrap", "postmark", "resend", "sendgrid", "sparkpost"]
# Bodies that come as far as they can: fields of the right names hold whatever.
NAMES = [
    "BouncedAt",
    "Email",
    "ID",
    "MessageID",
    "Metadata",
    "RecordType",
    "Type",
    "created_at",
    "data",
    "email",
    "error",
    "event",
    "events",
    "headers",
    "message-id",
    "msys",
    "reason",
    "smtp-id",
    "time",
    "timestamp",
    "to",
    "ts_epoch",
    "type",
    "X-Mailin-custom",
    "hard_bounce",
    "Payload",
]
WORDS = ["Bounce", "bounce", "email.bounced", "hard_bounce", "Delivery", "nobody@example.org"]
FIELDS = st.dictionaries(st.sampled_from(NAMES), JSON | st.sampled_from(WORDS))


@given(provider=st.sampled_from(PROVIDERS), body=JSON | FIELDS | st.lists(FIELDS, max_size=3))
@property_settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_breaks_the_site(provider: str, body: Any, reader: Subscriber, tell: Tell) -> None:
    before = everything_stored()
    response = tell(json.dumps(body), provider=provider)
    assert response.status_code in {200, 400}
    assert everything_stored() == before


VALID = {
    "postmark": postmark_bounce(),
    "sendgrid": {"event": "bounce", "type": "blocked", "email": ADDRESS, "timestamp": 1},
    "brevo": {"event": "soft_bounce", "email": ADDRESS, "ts_epoch": 1},
    "mailjet": {"event": "bounce", "hard_bounce": False, "email": ADDRESS, "time": 1},
}


@given(provider=st.sampled_from(sorted(VALID)), changes=FIELDS)
@property_settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_field_of_an_event_of_a_reader_breaks_the_site(
    provider: str, changes: dict[str, Any], delivery: Delivery, tell: Tell
) -> None:
    event = VALID[provider] | changes
    body = json.dumps([event] if provider == "sendgrid" else event)
    assert tell(body, provider=provider).status_code in {200, 400}


@pytest.mark.parametrize("address", ["ırmak@example.org", "a\ud800@example.org", "a\0@b.org", "@"])
def test_an_odd_address_is_counted_and_the_provider_is_thanked(
    address: str, reader: Subscriber, tell: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything_stored()
    assert tell(postmark_bounce(email=address)).status_code == 200
    assert everything_stored() == before
    assert "newsletter.mail_event_of_odd_address" in caplog.messages


def test_who_was_taken_under_older_rules_leaves_by_a_complaint(tell: Tell) -> None:
    old = SubscriberFactory.create(
        email="ırmak@example.org",
        confirmed=True,
        confirmed_at=timezone.now() - timedelta(days=30),
    )
    assert tell(postmark_bounce(email="ırmak@example.org")).status_code == 200
    old.refresh_from_db()
    assert old.state == SubscriberState.SUPPRESSED


# Which mail it was


def test_metadata_name_the_delivery(reader: Subscriber, tell: Tell) -> None:
    first, _second = sent_delivery(reader), sent_delivery(reader)
    tell(postmark_bounce(Metadata={"delivery": str(first.pk)}))
    assert MailEvent.objects.get().delivery == first


def test_the_message_id_names_the_delivery(reader: Subscriber, tell: Tell) -> None:
    first, second = sent_delivery(reader), sent_delivery(reader)
    bounce = {"event": "bounce", "type": "bounce", "smtp-id": first.message_id}
    assert tell(sendgrid_events(bounce), provider="sendgrid").status_code == 200
    assert MailEvent.objects.get().delivery == first
    delivered = mailgun_event("delivered", message_id=second.message_id.strip("<>"))
    assert tell(delivered, provider="mailgun").status_code == 200
    assert MailEvent.objects.get(kind=MailEventKind.DELIVERED).delivery == second


def test_otherwise_it_is_the_last_within_a_fortnight(reader: Subscriber, tell: Tell) -> None:
    now = timezone.now()
    sent_delivery(reader, settled_at=now - timedelta(days=20))
    tell(postmark_delivery(at=now))
    assert MailEvent.objects.get().delivery is None
    sent_delivery(reader, settled_at=now - timedelta(days=13))
    last = sent_delivery(reader, settled_at=now - timedelta(days=2))
    sent_delivery(reader, state=DeliveryState.FAILED, settled_at=now - timedelta(days=1))
    tell(postmark_delivery(at=now + timedelta(seconds=1)))
    assert MailEvent.objects.latest("pk").delivery == last


@pytest.mark.parametrize("named_by", ["metadata", "message_id"])
def test_an_event_of_a_mail_to_somebody_else_changes_nothing(
    named_by: str, delivery: Delivery, tell: Tell
) -> None:
    other = sent_delivery(SubscriberFactory.create(confirmed=True))
    before = everything_stored()
    more = (
        {"Metadata": {"delivery": str(other.pk)}}
        if named_by == "metadata"
        else {"MessageID": other.message_id}
    )
    assert tell(postmark_bounce(**more)).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize(
    "metadata",
    [{"delivery": "9" * 18}, {"delivery": "1; DROP"}, {"delivery": True}, {"delivery": []}, [], 5],
)
def test_metadata_that_name_nothing_are_ignored(
    metadata: Any, delivery: Delivery, tell: Tell
) -> None:
    status = tell(postmark_bounce(Metadata=metadata)).status_code
    if isinstance(metadata, dict):
        assert status == 200
        assert MailEvent.objects.get().delivery == delivery
    else:  # Postmark's are always a mapping.
        assert status == 400
        assert not MailEvent.objects.exists()


@pytest.mark.parametrize("event", [postmark_delivery(), postmark_complaint()])
def test_what_is_told_of_an_uncertain_mail_makes_it_sent(
    event: dict[str, Any], reader: Subscriber, tell: Tell
) -> None:
    uncertain = sent_delivery(reader, state=DeliveryState.UNCERTAIN, claim=77)
    tell(event)
    uncertain.refresh_from_db()
    assert uncertain.state == DeliveryState.UNCERTAIN, "a guess is not the truth"
    tell({**event, "ID": 2, "MessageID": "2", "Metadata": {"delivery": uncertain.pk}})
    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.claim) == (DeliveryState.SENT, None)


# Soft bounces


def soft_bounce_of(delivery: Delivery, **more: Any) -> dict[str, Any]:
    return postmark_bounce(
        "SoftBounce", ID=f"soft {delivery.pk} {more}", Metadata={"delivery": delivery.pk}, **more
    )


def test_soft_bounces_of_five_issues_in_a_row_end_mail(reader: Subscriber, tell: Tell) -> None:
    for _number in range(4):
        delivery = sent_delivery(reader)
        tell(soft_bounce_of(delivery))
        tell(soft_bounce_of(delivery, Details="the same issue again"))
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    tell(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.BOUNCED


def test_a_delivered_issue_ends_the_series(reader: Subscriber, tell: Tell, settings: Any) -> None:
    settings.NEWSLETTER_SOFT_BOUNCES = 2
    now = timezone.now()
    for hours, told in enumerate([soft_bounce_of, None, soft_bounce_of], start=-3):
        at = now + timedelta(hours=hours)
        tell(told(sent_delivery(reader), at=at) if told else postmark_delivery(at=at))
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    tell(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_soft_bounces_of_an_earlier_subscription_do_not_count(
    reader: Subscriber, tell: Tell, settings: Any
) -> None:
    settings.NEWSLETTER_SOFT_BOUNCES = 2
    tell(soft_bounce_of(sent_delivery(reader)))
    Subscriber.objects.update(confirmed_at=timezone.now())
    tell(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


# Other providers


def test_mailgun_needs_its_signature(delivery: Delivery, tell: Tell) -> None:
    before = everything_stored()
    forged = mailgun_event("complained", signing_key="another")
    assert tell(forged, provider="mailgun").status_code == 403
    assert everything_stored() == before
    assert tell(mailgun_event("complained"), provider="mailgun").status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_all_events_of_a_list_are_read_before_one_changes_anything(
    delivery: Delivery, tell: Tell
) -> None:
    before = everything_stored()
    broken = json.dumps([*json.loads(sendgrid_events({"event": "spamreport"})), {"email": ADDRESS}])
    assert tell(broken, provider="sendgrid").status_code == 400
    assert everything_stored() == before
    both = sendgrid_events({"event": "delivered"}, {"event": "spamreport"})
    assert tell(both, provider="sendgrid").status_code == 200
    assert MailEvent.objects.count() == 2
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_amazon_tells_several_recipients_at_once(delivery: Delivery, tell: Tell) -> None:
    other = SubscriberFactory.create(confirmed=True, confirmed_at=timezone.now() - timedelta(1))
    bounced = [{"emailAddress": ADDRESS}, {"emailAddress": other.email}]
    message = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": bounced,
        },
        "mail": {"messageId": "1", "destination": [ADDRESS, other.email], "headers": []},
    }
    notification = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "Timestamp": timezone.now().isoformat(),
        "Message": json.dumps(message),
    }
    sns = {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "sns-1"}
    assert tell(notification, provider="amazon_ses", **sns).status_code == 200
    assert set(Subscriber.objects.values_list("state", flat=True)) == {SubscriberState.SUPPRESSED}


def test_the_same_event_twice_at_once_is_one(transactional_db: None, tell: Tell) -> None:
    delivery = sent_delivery(SubscriberFactory.create(email=ADDRESS, confirmed=True))
    event = postmark_complaint(Metadata={"delivery": delivery.pk})

    def post(_number: int) -> int:
        try:
            return int(tell(event).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(post, range(8))) == [200] * 8
    assert MailEvent.objects.count() == 1
    assert ConsentRecord.objects.count() == 1


# When it is open


@pytest.mark.parametrize(
    "address",
    [
        "/webhooks/mail/mailgun/tracking/",
        "/webhooks/mail/postmark/inbound/",
        "/webhooks/mail/scaleway/tracking/",
        "/fr/webhooks/mail/postmark/tracking/",
    ],
)
def test_only_the_tracking_of_the_provider_is_listened_to(address: str, client: Client) -> None:
    headers = {"Authorization": basic(SECRET)}
    assert client.post(
        address, postmark_bounce(), "application/json", headers=headers
    ).status_code in {404, 405}


@pytest.mark.parametrize("secrets", [[], ["without-a-colon"], None])
def test_without_a_secret_nothing_is_listened_to(
    secrets: Any, reader: Subscriber, tell: Tell, settings: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": secrets}
    before = everything_stored()
    assert tell(postmark_bounce()).status_code == 404
    assert everything_stored() == before
    assert "newsletter.W001" in {message.id for message in run_checks()}


def test_a_provider_whose_signing_key_is_missing_is_not_listened_to(tell: Tell) -> None:
    assert tell(postmark_bounce(), provider="mailersend").status_code == 404
    [warning] = [message for message in run_checks() if message.id == "newsletter.W001"]
    assert "SIGNING_SECRET" in warning.msg


def test_a_complete_setting_is_not_warned_of(settings: Any) -> None:
    assert "newsletter.W001" not in {message.id for message in run_checks()}
    settings.MAIL_WEBHOOKS_FROM = ""
    settings.ANYMAIL = {}
    assert "newsletter.W001" not in {message.id for message in run_checks()}


def test_it_is_reached_by_tls_alone(delivery: Delivery, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    provider = Client(enforce_csrf_checks=True, headers={"Authorization": basic(SECRET)})
    address = "/webhooks/mail/postmark/tracking/"
    body, json_type = json.dumps(postmark_bounce()), "application/json"
    before = everything_stored()
    assert provider.post(address, body, json_type).status_code == 301
    assert everything_stored() == before
    response = provider.post(address, body, json_type, secure=True)
    assert response.status_code == 200
    assert not response.cookies
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_provider_may_look_whether_the_address_answers(method: str, client: Client) -> None:
    response = getattr(client, method)("/webhooks/mail/postmark/tracking/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_when_the_site_fails_the_provider_is_told_to_come_again(
    delivery: Delivery, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_fields: Any) -> None:
        raise DatabaseError("the server closed the connection")

    event = postmark_bounce()
    before = everything_stored()
    with monkeypatch.context() as patch:
        patch.setattr(services, "suppress", fail)
        with pytest.raises(DatabaseError):
            tell(event)
    assert everything_stored() == before
    assert tell(event).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_logs_name_no_address_and_no_secret(
    delivery: Delivery, tell: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tell(postmark_bounce())
    tell(postmark_bounce(), secret="site:wrong")
    assert "newsletter.mail_event" in caplog.messages
    for record in caplog.records:
        told = str(vars(record))
        if record.name != "django.request":  # Kept from the logs of production: settings/logs.py.
            assert ADDRESS not in told
            assert SECRET not in told


def test_a_clock_that_is_a_little_fast_is_believed(reader: Subscriber, tell: Tell) -> None:
    at = timezone.now() + timedelta(minutes=30)
    tell(postmark_delivery(at=at))
    assert abs(MailEvent.objects.get().happened_at.timestamp() - epoch(at)) < 1
