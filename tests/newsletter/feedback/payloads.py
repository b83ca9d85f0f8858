"""Payloads of providers, as documented by each."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.utils import timezone

ADDRESS = "supporter@example.org"


def iso(moment: datetime | None = None) -> str:
    return (moment or timezone.now()).isoformat()


def epoch(moment: datetime | None = None) -> float:
    return (moment or timezone.now()).timestamp()


def postmark_bounce(
    type_: str = "HardBounce", *, email: str = ADDRESS, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook"""
    return {
        "RecordType": "Bounce",
        "MessageStream": "broadcast",
        "ID": 4323372036854775807,
        "Type": type_,
        "TypeCode": 1,
        "Name": "Hard bounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": f"smtp;550 5.1.1 <{email}> no such user",
        "Email": email,
        "From": "news@example.org",
        "BouncedAt": iso(at),
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Issue",
    } | more


def postmark_complaint(*, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    return postmark_bounce("SpamComplaint", at=at, RecordType="SpamComplaint", **more)


def postmark_delivery(
    *, email: str = ADDRESS, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """https://postmarkapp.com/developer/webhooks/delivery-webhook"""
    return {
        "RecordType": "Delivery",
        "MessageStream": "broadcast",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": email,
        "DeliveredAt": iso(at),
        "Details": "Test delivery webhook details",
        "Tag": "",
        "ServerID": 23,
    } | more


def postmark_unsubscription() -> dict[str, Any]:
    """https://postmarkapp.com/developer/webhooks/subscription-change-webhook"""
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 123456,
        "MessageStream": "broadcast",
        "ChangedAt": iso(),
        "Recipient": ADDRESS,
        "Origin": "Recipient",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
    }


def mailgun_event(
    event: str,
    *,
    severity: str | None = None,
    reason: str | None = None,
    message_id: str = "20130503192659.13651.20287@mg.example.org",
    signing_key: str = "signing-key",
    token: str = "c590e4cc46fb4f1a8a5f0b2c7d12a7c8c0c4f4b1f0d1a9e0f3",
) -> str:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/"""
    stamp = str(int(epoch()))
    signature = hmac.new(
        signing_key.encode(), f"{stamp}{token}".encode(), hashlib.sha256
    ).hexdigest()
    data = {
        "event": event,
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": epoch(),
        "log-level": "error",
        "recipient": ADDRESS,
        "message": {"headers": {"to": ADDRESS, "message-id": message_id, "subject": "Issue"}},
        "delivery-status": {"code": 550, "message": "No such mailbox", "description": ""},
        "user-variables": {},
        "tags": [],
    }
    if severity:
        data["severity"] = severity
    if reason:
        data["reason"] = reason
    return json.dumps(
        {
            "signature": {"timestamp": stamp, "token": token, "signature": signature},
            "event-data": data,
        }
    )


def sendgrid_events(*events: dict[str, Any]) -> str:
    """https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event"""
    return json.dumps(
        [
            {
                "email": ADDRESS,
                "timestamp": int(epoch()),
                "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
                "category": ["issue"],
                "sg_event_id": f"rbtnWrG1DVDGGGFHFyun0A{number}==",
                "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.000",
                **event,
            }
            for number, event in enumerate(events)
        ]
    )
