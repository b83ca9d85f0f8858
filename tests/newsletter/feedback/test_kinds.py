"""The kinds of providers' events: which suppress an address at once, which in a series, which never."""

import hashlib
import hmac
import json
from hashlib import md5
from typing import Any

import pytest

from newsletter.choices import MailEventKind
from newsletter.models import Delivery, MailEvent

from .conftest import PostEvent
from .payloads import (
    ADDRESS,
    epoch,
    iso,
    mailgun_event,
    postmark_bounce,
    postmark_unsubscription,
    sendgrid_events,
)

HARD = MailEventKind.HARD_BOUNCE
SOFT = MailEventKind.SOFT_BOUNCE
COMPLAINT = MailEventKind.COMPLAINT
LEFT = MailEventKind.UNSUBSCRIPTION
DELIVERED = MailEventKind.DELIVERED


def kind_of(
    post_event: PostEvent, body: Any, *, provider: str, **headers: str
) -> MailEventKind | None:
    """Post an event, and return the kind under which it is recorded, or None."""
    response = post_event(body, provider=provider, **headers)
    assert response.status_code == 200, response.content
    event = MailEvent.objects.first()
    return MailEventKind(event.kind) if event else None


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("HardBounce", HARD),
        ("BadEmailAddress", HARD),
        ("ManuallyDeactivated", HARD),
        ("SoftBounce", SOFT),
        ("Transient", SOFT),
        ("DnsError", SOFT),
        ("Blocked", SOFT),
        ("DMARCPolicy", SOFT),
        ("SpamNotification", COMPLAINT),
        ("SomethingNew", SOFT),
        ("AutoResponder", None),
        ("AddressChange", None),
        ("Subscribe", None),
        ("TemplateRenderingFailed", None),
    ],
)
def test_postmark(
    type_: str, kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    assert kind_of(post_event, postmark_bounce(type_), provider="postmark") == kind


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"SuppressionReason": "HardBounce"}, HARD),
        ({"SuppressionReason": "SpamComplaint"}, COMPLAINT),
        ({"SuppressionReason": "ManualSuppression"}, LEFT),
        ({"SuppressSending": False, "SuppressionReason": None}, None),
    ],
)
def test_suppression_list_of_postmark(
    change: dict[str, Any], kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    assert kind_of(post_event, postmark_unsubscription() | change, provider="postmark") == kind


@pytest.mark.parametrize(
    ("event", "severity", "reason", "kind"),
    [
        ("failed", "permanent", "bounce", HARD),
        ("failed", "permanent", "suppress-bounce", HARD),
        ("failed", "permanent", "suppress-complaint", COMPLAINT),
        ("failed", "permanent", "suppress-unsubscribe", LEFT),
        ("failed", "permanent", "old", SOFT),
        ("failed", "permanent", "espblock", SOFT),
        ("failed", "permanent", None, SOFT),
        ("failed", "temporary", "generic", SOFT),
        ("failed", "temporary", "bounce", SOFT),
        ("delivered", None, None, DELIVERED),
        ("complained", None, None, COMPLAINT),
        ("unsubscribed", None, None, LEFT),
        ("opened", None, None, None),
        ("accepted", None, None, None),
    ],
)
def test_mailgun(  # noqa: PLR0917
    event: str,
    severity: str | None,
    reason: str | None,
    kind: MailEventKind | None,
    delivery: Delivery,
    post_event: PostEvent,
) -> None:
    body = mailgun_event(event, severity=severity, reason=reason)
    assert kind_of(post_event, body, provider="mailgun") == kind


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"event": "bounce", "type": "bounce", "reason": "550 5.1.1 unknown"}, HARD),
        ({"event": "bounce", "type": "blocked", "reason": "550 5.7.1 blocked"}, SOFT),
        ({"event": "bounce"}, SOFT),
        ({"event": "deferred", "response": "450 try again later"}, SOFT),
        ({"event": "dropped", "reason": "Bounced Address"}, HARD),
        ({"event": "dropped", "reason": "Invalid"}, HARD),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, COMPLAINT),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, LEFT),
        ({"event": "dropped", "reason": "Spam Content"}, SOFT),
        ({"event": "spamreport"}, COMPLAINT),
        ({"event": "group_unsubscribe"}, LEFT),
        ({"event": "processed"}, None),
        ({"event": "click", "url": "https://example.org/"}, None),
    ],
)
def test_sendgrid(
    event: dict[str, Any], kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    assert kind_of(post_event, sendgrid_events(event), provider="sendgrid") == kind


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("hard_bounce", HARD),
        ("invalid_email", HARD),
        ("blocked", HARD),
        ("soft_bounce", SOFT),
        ("deferred", SOFT),
        ("spam", COMPLAINT),
        ("unsubscribe", LEFT),
        ("delivered", DELIVERED),
        ("unique_opened", None),
        ("error", None),
    ],
)
def test_brevo(
    event: str, kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    body = {
        "event": event,
        "email": ADDRESS,
        "id": 26224,
        "date": "2026-11-26 10:00:00",
        "ts_epoch": int(epoch() * 1_000),
        "message-id": "<202611261000.81472095683@smtp-relay.mailin.fr>",
    }
    assert kind_of(post_event, body, provider="brevo") == kind


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"event": "bounce", "hard_bounce": True, "error": "user unknown"}, HARD),
        ({"event": "bounce", "hard_bounce": False, "error": "user unknown"}, SOFT),
        ({"event": "bounce", "hard_bounce": False, "error": "greylisted"}, SOFT),
        ({"event": "blocked", "error_related_to": "recipient", "error": "user unknown"}, HARD),
        ({"event": "blocked", "error_related_to": "mailjet", "error": "preblocked"}, HARD),
        ({"event": "blocked", "error_related_to": "recipient", "error": "quota exceeded"}, SOFT),
        ({"event": "blocked", "error_related_to": "spam", "error": "content blocked"}, SOFT),
        ({"event": "blocked", "error": "spam reporter"}, COMPLAINT),
        ({"event": "blocked", "error": "duplicate in campaign"}, None),
        ({"event": "spam", "source": "JMRPP"}, COMPLAINT),
        ({"event": "unsub", "mj_list_id": 1}, LEFT),
        ({"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)"}, DELIVERED),
        ({"event": "open"}, None),
    ],
)
def test_mailjet(
    event: dict[str, Any], kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    body = {"time": int(epoch()), "MessageID": 19421777835146490, "email": ADDRESS, **event}
    assert kind_of(post_event, body, provider="mailjet") == kind


@pytest.mark.parametrize(
    ("type_", "bounce_class", "kind"),
    [
        ("bounce", "10", HARD),
        ("bounce", "30", HARD),
        ("policy_rejection", "25", HARD),
        ("bounce", "22", SOFT),
        ("bounce", "51", SOFT),
        ("out_of_band", "1", SOFT),
        ("bounce", "60", None),
        ("bounce", "90", LEFT),
        ("delay", "70", SOFT),
        ("spam_complaint", None, COMPLAINT),
        ("list_unsubscribe", None, LEFT),
        ("delivery", None, DELIVERED),
    ],
)
def test_sparkpost(
    type_: str,
    bounce_class: str | None,
    kind: MailEventKind | None,
    delivery: Delivery,
    post_event: PostEvent,
) -> None:
    event = {
        "type": type_,
        "event_id": "92356927693813856",
        "raw_rcpt_to": ADDRESS,
        "timestamp": str(int(epoch())),
        "transmission_id": "65832150921904138",
        "rcpt_meta": {},
    }
    if bounce_class:
        event["bounce_class"] = bounce_class
    outer = "message_event" if "unsubscribe" not in type_ else "unsubscribe_event"
    assert kind_of(post_event, json.dumps([{"msys": {outer: event}}]), provider="sparkpost") == kind


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("bounce", HARD),
        ("reject", HARD),
        ("soft bounce", SOFT),
        ("suspension", SOFT),
        ("spam", COMPLAINT),
        ("unsubscribe", LEFT),
        ("delivery", DELIVERED),
        ("open", None),
    ],
)
def test_mailtrap(
    event: str, kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent
) -> None:
    report = {
        "event": event,
        "message_id": "7c5b6fd0-2a5c-11ee-be56-0242ac120002",
        "event_id": "bede7236-2284-43d6-a953-1fdcafd0fdbc",
        "email": ADDRESS,
        "timestamp": int(epoch()),
    }
    assert kind_of(post_event, {"events": [report]}, provider="mailtrap") == kind


@pytest.mark.parametrize(
    ("type_", "bounce", "kind"),
    [
        ("email.bounced", {"type": "Permanent", "subType": "General", "message": "gone"}, HARD),
        ("email.bounced", {"type": "Temporary", "subType": "General", "message": "full"}, SOFT),
        ("email.bounced", {"message": "The recipient's inbox was full."}, SOFT),
        ("email.delivery_delayed", None, SOFT),
        ("email.complained", None, COMPLAINT),
        ("email.delivered", None, DELIVERED),
        ("email.clicked", None, None),
    ],
)
def test_resend(
    type_: str,
    bounce: dict[str, str] | None,
    kind: MailEventKind | None,
    delivery: Delivery,
    post_event: PostEvent,
) -> None:
    data: dict[str, Any] = {"email_id": "56761188-7520", "to": [ADDRESS], "created_at": iso()}
    if bounce:
        data["bounce"] = bounce
    body = {"type": type_, "created_at": iso(), "data": data}
    assert kind_of(post_event, body, provider="resend") == kind


@pytest.mark.parametrize(
    ("type_", "details", "kind"),
    [
        ("Bounce", {"bounceType": "Permanent"}, HARD),
        ("Bounce", {"bounceType": "Transient"}, SOFT),
        ("Bounce", {"bounceType": "Undetermined"}, SOFT),
        ("Complaint", {"complaintFeedbackType": "abuse"}, COMPLAINT),
        ("Complaint", {}, COMPLAINT),
        ("Complaint", {"complaintFeedbackType": "not-spam"}, None),
        ("Delivery", {}, DELIVERED),
        ("Reject", {"reason": "Bad content"}, SOFT),
        ("Open", {}, None),
    ],
)
def test_amazon(
    type_: str,
    details: dict[str, str],
    kind: MailEventKind | None,
    delivery: Delivery,
    post_event: PostEvent,
) -> None:
    people = [{"emailAddress": ADDRESS}]
    recipients_of: dict[str, dict[str, Any]] = {
        "Bounce": {"bounceSubType": "General", "bouncedRecipients": people},
        "Complaint": {"complainedRecipients": people},
        "Delivery": {"recipients": [ADDRESS]},
    }
    message = {
        "eventType": type_,
        type_.lower(): {**recipients_of.get(type_, {}), **details},
        "mail": {"messageId": "1", "destination": [ADDRESS], "headers": []},
    }
    body = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "Timestamp": iso(),
        "Message": json.dumps(message),
    }
    sns = {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": "sns-1"}
    assert kind_of(post_event, body, provider="amazon_ses", **sns) == kind


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("hard_bounced", HARD),
        ("soft_bounced", SOFT),
        ("spam_complaint", COMPLAINT),
        ("unsubscribed", LEFT),
        ("delivered", DELIVERED),
        ("opened", None),
    ],
)
def test_mailersend(
    type_: str, kind: MailEventKind | None, delivery: Delivery, post_event: PostEvent, settings: Any
) -> None:
    settings.ANYMAIL["MAILERSEND_SIGNING_SECRET"] = "signing"
    email = {"message": {"id": "62fb66bef54a112e920b5493"}, "recipient": {"email": ADDRESS}}
    data = {"type": type_, "id": "62f114f8165fe0d8db0288e5", "created_at": iso(), "email": email}
    body = json.dumps({"type": f"activity.{type_}", "created_at": iso(), "data": data})
    signature = hmac.new(b"signing", body.encode(), hashlib.sha256).hexdigest()
    assert kind_of(post_event, body, provider="mailersend", Signature=signature) == kind


@pytest.mark.parametrize(
    ("status", "delivery_status", "kind"),
    [
        ("hard_bounced", "err_user_unknown", HARD),
        ("hard_bounced", "err_spam_rejected", SOFT),
        ("hard_bounced", "err_unsubscribed", LEFT),
        ("soft_bounced", "err_will_retry", SOFT),
        ("spam", "ok_fbl", COMPLAINT),
        ("unsubscribed", "ok_unsubscribed", LEFT),
        ("delivered", "ok_delivered", DELIVERED),
        ("opened", "ok_read", None),
    ],
)
def test_unisender_go(  # noqa: PLR0917
    status: str,
    delivery_status: str,
    kind: MailEventKind | None,
    delivery: Delivery,
    post_event: PostEvent,
    settings: Any,
) -> None:
    settings.ANYMAIL["UNISENDER_GO_API_KEY"] = "key"
    body = json.dumps(
        {
            "auth": "key",
            "event_name": "transactional_email_status",
            "job_id": "1a3Q2V-0000OZ-S0",
            "email": ADDRESS,
            "status": status,
            "event_time": iso().partition("+")[0],
            "delivery_info": {"delivery_status": delivery_status},
        }
    )
    signed = body.replace(
        '"auth": "key"', f'"auth": "{md5(body.encode(), usedforsecurity=False).hexdigest()}"'
    )
    assert kind_of(post_event, signed, provider="unisender_go") == kind
