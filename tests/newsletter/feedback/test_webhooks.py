"""Events of mail providers, posted to the webhook."""

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

from .conftest import SECRET, PostEvent, basic
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

# Events are acted on


def test_a_hard_bounce_suppresses_the_address(delivery: Delivery, post_event: PostEvent) -> None:
    assert post_event(postmark_bounce()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.BOUNCED
    assert ConsentRecord.objects.get().event == ConsentEvent.SUPPRESSION
    event = MailEvent.objects.get()
    assert (event.kind, event.delivery) == (MailEventKind.HARD_BOUNCE, delivery)
    delivery.refresh_from_db()
    assert delivery.bounced_at == event.happened_at
    assert delivery.complained_at is None


def test_a_complaint_suppresses_the_address(delivery: Delivery, post_event: PostEvent) -> None:
    assert post_event(postmark_complaint()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.COMPLAINED
    delivery.refresh_from_db()
    assert delivery.complained_at is not None


def test_an_unsubscription_at_the_provider_ends_the_subscription(
    delivery: Delivery, post_event: PostEvent
) -> None:
    assert post_event(postmark_unsubscription()).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED
    assert ConsentRecord.objects.get().event == ConsentEvent.UNSUBSCRIPTION
    delivery.refresh_from_db()
    assert delivery.unsubscribed_at is not None


def test_a_delivered_event_is_recorded_and_ends_nothing(
    delivery: Delivery, post_event: PostEvent
) -> None:
    assert post_event(postmark_delivery()).status_code == 200
    assert MailEvent.objects.get().kind == MailEventKind.DELIVERED
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


@pytest.mark.parametrize("record", ["Open", "Click"])
def test_opens_and_clicks_are_not_recorded(
    record: str, delivery: Delivery, post_event: PostEvent
) -> None:
    before = everything_stored()
    opened = {"RecordType": record, "Recipient": ADDRESS, "MessageID": "1", "FirstOpen": True}
    assert post_event(opened).status_code == 200
    assert everything_stored() == before


def test_the_address_is_normalised_before_comparison(
    reader: Subscriber, post_event: PostEvent
) -> None:
    post_event(postmark_bounce(email="Supporter@EXAMPLE.org"))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_a_pending_address_may_bounce(post_event: PostEvent) -> None:
    SubscriberFactory.create(email=ADDRESS, signed_up_at=timezone.now() - timedelta(hours=1))
    post_event(postmark_bounce())
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert MailEvent.objects.get().delivery is None


# Nothing changes


def test_a_replay_changes_nothing(delivery: Delivery, post_event: PostEvent) -> None:
    event = postmark_bounce()
    post_event(event)
    before = everything_stored()
    assert post_event(event).status_code == 200
    assert everything_stored() == before


def test_a_replay_does_not_end_a_new_subscription(
    reader: Subscriber, post_event: PostEvent
) -> None:
    event = postmark_complaint()
    post_event(event)
    Subscriber.objects.update(state=SubscriberState.CONFIRMED, confirmed_at=timezone.now())
    before = everything_stored()
    post_event(event)
    assert everything_stored() == before


def test_a_repeated_event_without_an_id_is_a_replay(
    delivery: Delivery, post_event: PostEvent
) -> None:
    event = postmark_delivery()
    post_event(event)
    post_event(event)
    assert MailEvent.objects.count() == 1
    post_event(postmark_delivery())
    assert MailEvent.objects.count() == 2, "another time, another event"


def test_an_event_from_before_the_confirmation_ends_nothing(
    reader: Subscriber, post_event: PostEvent
) -> None:
    assert reader.confirmed_at
    post_event(postmark_complaint(at=reader.confirmed_at - timedelta(days=1)))
    assert MailEvent.objects.count() == 1
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    assert not SuppressedAddress.objects.exists()


def test_an_event_older_than_400_days_is_ignored(reader: Subscriber, post_event: PostEvent) -> None:
    Subscriber.objects.update(confirmed_at=timezone.now() - timedelta(days=2_000))
    before = everything_stored()
    assert post_event(postmark_bounce(at=timezone.now() - timedelta(days=401))).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize("reported", [None, "2999-01-01T00:00:00Z", "not a date"])
def test_an_event_with_an_implausible_time_happened_now(
    reported: str | None, reader: Subscriber, post_event: PostEvent
) -> None:
    post_event(
        postmark_bounce() | {"BouncedAt": reported} if reported else _without(postmark_bounce())
    )
    assert abs(timezone.now() - MailEvent.objects.get().happened_at) < timedelta(minutes=1)
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def _without(event: dict[str, Any]) -> dict[str, Any]:
    del event["BouncedAt"]
    return event


@pytest.mark.parametrize("email", ["stranger@example.org", "no address", "", None, 5, ["a@b.org"]])
def test_an_unknown_address_changes_nothing(
    email: Any, reader: Subscriber, post_event: PostEvent
) -> None:
    before = everything_stored()
    assert post_event(postmark_bounce(email=email)).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize("secret", ["site:wrong", "", "site", f"{SECRET}x"])
def test_a_wrong_secret_changes_nothing(
    secret: str, reader: Subscriber, post_event: PostEvent
) -> None:
    before = everything_stored()
    assert post_event(postmark_bounce(), secret=secret).status_code == 403
    assert everything_stored() == before


def test_a_missing_secret_is_challenged(reader: Subscriber, client: Client) -> None:
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
    body: str, reader: Subscriber, post_event: PostEvent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = everything_stored()
    assert post_event(body).status_code == 400
    assert everything_stored() == before
    assert all(record.exc_info is None for record in caplog.records)
    assert ADDRESS not in caplog.text


def test_a_huge_body_is_refused(reader: Subscriber, post_event: PostEvent) -> None:
    before = everything_stored()
    assert (
        post_event(json.dumps(postmark_bounce() | {"Content": "x" * 3_000_000})).status_code == 413
    )
    assert everything_stored() == before


# JSON may contain lone surrogates and NULs, which UTF-8 and PostgreSQL refuse.
ANY_TEXT = st.text(st.characters()) | st.sampled_from(["\ud800", "\0", f"{ADDRESS}\ud800"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
PROVIDERS = ["brevo", "mailjet", "mailtrap", "postmark", "resend", "sendgrid", "sparkpost"]
# Bodies with the right names of fields, and arbitrary values.
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
VALUES = ["Bounce", "bounce", "email.bounced", "hard_bounce", "Delivery", "nobody@example.org"]
FIELDS = st.dictionaries(st.sampled_from(NAMES), JSON | st.sampled_from(VALUES))


@given(provider=st.sampled_from(PROVIDERS), body=JSON | FIELDS | st.lists(FIELDS, max_size=3))
@property_settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_breaks_the_site(
    provider: str, body: Any, reader: Subscriber, post_event: PostEvent
) -> None:
    before = everything_stored()
    response = post_event(json.dumps(body), provider=provider)
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
    provider: str, changes: dict[str, Any], delivery: Delivery, post_event: PostEvent
) -> None:
    event = VALID[provider] | changes
    body = json.dumps([event] if provider == "sendgrid" else event)
    assert post_event(body, provider=provider).status_code in {200, 400}


@pytest.mark.parametrize("address", ["ırmak@example.org", "a\ud800@example.org", "a\0@b.org", "@"])
def test_an_unusual_address_is_logged_and_accepted(
    address: str, reader: Subscriber, post_event: PostEvent, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything_stored()
    assert post_event(postmark_bounce(email=address)).status_code == 200
    assert everything_stored() == before
    assert "newsletter.mail_event_of_odd_address" in caplog.messages


def test_a_complaint_matches_an_address_stored_under_older_rules(post_event: PostEvent) -> None:
    old = SubscriberFactory.create(
        email="ırmak@example.org",
        confirmed=True,
        confirmed_at=timezone.now() - timedelta(days=30),
    )
    assert post_event(postmark_bounce(email="ırmak@example.org")).status_code == 200
    old.refresh_from_db()
    assert old.state == SubscriberState.SUPPRESSED


# Attribution to a delivery


def test_metadata_identify_the_delivery(reader: Subscriber, post_event: PostEvent) -> None:
    first, _second = sent_delivery(reader), sent_delivery(reader)
    post_event(postmark_bounce(Metadata={"delivery": str(first.pk)}))
    assert MailEvent.objects.get().delivery == first


def test_the_message_id_identifies_the_delivery(reader: Subscriber, post_event: PostEvent) -> None:
    first, second = sent_delivery(reader), sent_delivery(reader)
    bounce = {"event": "bounce", "type": "bounce", "smtp-id": first.message_id}
    assert post_event(sendgrid_events(bounce), provider="sendgrid").status_code == 200
    assert MailEvent.objects.get().delivery == first
    delivered = mailgun_event("delivered", message_id=second.message_id.strip("<>"))
    assert post_event(delivered, provider="mailgun").status_code == 200
    assert MailEvent.objects.get(kind=MailEventKind.DELIVERED).delivery == second


def test_otherwise_it_is_the_last_delivery_within_a_fortnight(
    reader: Subscriber, post_event: PostEvent
) -> None:
    now = timezone.now()
    sent_delivery(reader, settled_at=now - timedelta(days=20))
    post_event(postmark_delivery(at=now))
    assert MailEvent.objects.get().delivery is None
    sent_delivery(reader, settled_at=now - timedelta(days=13))
    last = sent_delivery(reader, settled_at=now - timedelta(days=2))
    sent_delivery(reader, state=DeliveryState.FAILED, settled_at=now - timedelta(days=1))
    post_event(postmark_delivery(at=now + timedelta(seconds=1)))
    assert MailEvent.objects.latest("pk").delivery == last


@pytest.mark.parametrize("named_by", ["metadata", "message_id"])
def test_an_event_about_a_message_to_somebody_else_changes_nothing(
    named_by: str, delivery: Delivery, post_event: PostEvent
) -> None:
    other = sent_delivery(SubscriberFactory.create(confirmed=True))
    before = everything_stored()
    more = (
        {"Metadata": {"delivery": str(other.pk)}}
        if named_by == "metadata"
        else {"MessageID": other.message_id}
    )
    assert post_event(postmark_bounce(**more)).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize(
    "metadata",
    [{"delivery": "9" * 18}, {"delivery": "1; DROP"}, {"delivery": True}, {"delivery": []}, [], 5],
)
def test_metadata_without_a_delivery_are_ignored(
    metadata: Any, delivery: Delivery, post_event: PostEvent
) -> None:
    status = post_event(postmark_bounce(Metadata=metadata)).status_code
    if isinstance(metadata, dict):
        assert status == 200
        assert MailEvent.objects.get().delivery == delivery
    else:  # Postmark always sends a mapping.
        assert status == 400
        assert not MailEvent.objects.exists()


@pytest.mark.parametrize("event", [postmark_delivery(), postmark_complaint()])
def test_any_event_marks_an_uncertain_delivery_as_sent(
    event: dict[str, Any], reader: Subscriber, post_event: PostEvent
) -> None:
    uncertain = sent_delivery(reader, state=DeliveryState.UNCERTAIN, claim=77)
    post_event(event)
    uncertain.refresh_from_db()
    assert uncertain.state == DeliveryState.UNCERTAIN, "a guess does not settle it"
    post_event({**event, "ID": 2, "MessageID": "2", "Metadata": {"delivery": uncertain.pk}})
    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.claim) == (DeliveryState.SENT, None)


# Soft bounces


def soft_bounce_of(delivery: Delivery, **more: Any) -> dict[str, Any]:
    return postmark_bounce(
        "SoftBounce", ID=f"soft {delivery.pk} {more}", Metadata={"delivery": delivery.pk}, **more
    )


def test_soft_bounces_of_five_issues_in_a_row_suppress_the_address(
    reader: Subscriber, post_event: PostEvent
) -> None:
    for _number in range(4):
        delivery = sent_delivery(reader)
        post_event(soft_bounce_of(delivery))
        post_event(soft_bounce_of(delivery, Details="the same issue again"))
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    post_event(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == SuppressionReason.BOUNCED


def test_a_delivered_issue_ends_the_series(
    reader: Subscriber, post_event: PostEvent, settings: Any
) -> None:
    settings.NEWSLETTER_SOFT_BOUNCES = 2
    now = timezone.now()
    for hours, make_event in enumerate([soft_bounce_of, None, soft_bounce_of], start=-3):
        at = now + timedelta(hours=hours)
        post_event(
            make_event(sent_delivery(reader), at=at) if make_event else postmark_delivery(at=at)
        )
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    post_event(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_soft_bounces_of_an_earlier_subscription_do_not_count(
    reader: Subscriber, post_event: PostEvent, settings: Any
) -> None:
    settings.NEWSLETTER_SOFT_BOUNCES = 2
    post_event(soft_bounce_of(sent_delivery(reader)))
    Subscriber.objects.update(confirmed_at=timezone.now())
    post_event(soft_bounce_of(sent_delivery(reader)))
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


# Other providers


def test_mailgun_needs_its_signature(delivery: Delivery, post_event: PostEvent) -> None:
    before = everything_stored()
    forged = mailgun_event("complained", signing_key="another")
    assert post_event(forged, provider="mailgun").status_code == 403
    assert everything_stored() == before
    assert post_event(mailgun_event("complained"), provider="mailgun").status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_all_events_are_parsed_before_the_first_is_applied(
    delivery: Delivery, post_event: PostEvent
) -> None:
    before = everything_stored()
    broken = json.dumps([*json.loads(sendgrid_events({"event": "spamreport"})), {"email": ADDRESS}])
    assert post_event(broken, provider="sendgrid").status_code == 400
    assert everything_stored() == before
    both = sendgrid_events({"event": "delivered"}, {"event": "spamreport"})
    assert post_event(both, provider="sendgrid").status_code == 200
    assert MailEvent.objects.count() == 2
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_amazon_reports_several_recipients_at_once(
    delivery: Delivery, post_event: PostEvent
) -> None:
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
    assert post_event(notification, provider="amazon_ses", **sns).status_code == 200
    assert set(Subscriber.objects.values_list("state", flat=True)) == {SubscriberState.SUPPRESSED}


def test_the_same_event_twice_at_once_counts_once(
    transactional_db: None, post_event: PostEvent
) -> None:
    delivery = sent_delivery(SubscriberFactory.create(email=ADDRESS, confirmed=True))
    event = postmark_complaint(Metadata={"delivery": delivery.pk})

    def post(_number: int) -> int:
        try:
            return int(post_event(event).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(post, range(8))) == [200] * 8
    assert MailEvent.objects.count() == 1
    assert ConsentRecord.objects.count() == 1


# When the webhook is open


@pytest.mark.parametrize(
    "address",
    [
        "/webhooks/mail/mailgun/tracking/",
        "/webhooks/mail/postmark/inbound/",
        "/webhooks/mail/scaleway/tracking/",
        "/fr/webhooks/mail/postmark/tracking/",
    ],
)
def test_only_the_tracking_webhook_of_the_provider_is_open(address: str, client: Client) -> None:
    headers = {"Authorization": basic(SECRET)}
    assert client.post(
        address, postmark_bounce(), "application/json", headers=headers
    ).status_code in {404, 405}


@pytest.mark.parametrize("secrets", [[], ["without-a-colon"], None])
def test_without_a_secret_the_webhook_is_closed(
    secrets: Any, reader: Subscriber, post_event: PostEvent, settings: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": secrets}
    before = everything_stored()
    assert post_event(postmark_bounce()).status_code == 404
    assert everything_stored() == before
    assert "newsletter.W001" in {message.id for message in run_checks()}


def test_without_a_signing_key_the_webhook_is_closed(post_event: PostEvent) -> None:
    assert post_event(postmark_bounce(), provider="mailersend").status_code == 404
    [warning] = [message for message in run_checks() if message.id == "newsletter.W001"]
    assert "SIGNING_SECRET" in warning.msg


def test_complete_settings_give_no_warning(settings: Any) -> None:
    assert "newsletter.W001" not in {message.id for message in run_checks()}
    settings.MAIL_WEBHOOKS_FROM = ""
    settings.ANYMAIL = {}
    assert "newsletter.W001" not in {message.id for message in run_checks()}


def test_plain_http_is_redirected_to_tls(delivery: Delivery, settings: Any) -> None:
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
def test_a_provider_may_check_the_url(method: str, client: Client) -> None:
    response = getattr(client, method)("/webhooks/mail/postmark/tracking/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_failure_of_the_site_is_answered_with_500(
    delivery: Delivery, post_event: PostEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_fields: Any) -> None:
        raise DatabaseError("the server closed the connection")

    event = postmark_bounce()
    before = everything_stored()
    with monkeypatch.context() as patch:
        patch.setattr(services, "suppress", fail)
        with pytest.raises(DatabaseError):
            post_event(event)
    assert everything_stored() == before
    assert post_event(event).status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.SUPPRESSED


def test_logs_contain_no_address_and_no_secret(
    delivery: Delivery, post_event: PostEvent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    post_event(postmark_bounce())
    post_event(postmark_bounce(), secret="site:wrong")
    assert "newsletter.mail_event" in caplog.messages
    for record in caplog.records:
        logged = str(vars(record))
        if (
            record.name != "django.request"
        ):  # The logs of production leave this out: settings/logs.py.
            assert ADDRESS not in logged
            assert SECRET not in logged


def test_a_slightly_fast_clock_is_accepted(reader: Subscriber, post_event: PostEvent) -> None:
    at = timezone.now() + timedelta(minutes=30)
    post_event(postmark_delivery(at=at))
    assert abs(MailEvent.objects.get().happened_at.timestamp() - epoch(at)) < 1
