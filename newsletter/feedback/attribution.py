"""Which delivery an event is about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent

from newsletter.choices import DeliveryState
from newsletter.message_ids import deliveries_named
from newsletter.models import Delivery, Subscriber

# The name of a delivery's id in the metadata that providers return with their events.
METADATA_KEY = "delivery"
GUESSED_WITHIN = timedelta(days=14)
SETTLED_LATE_BY = timedelta(
    hours=1
)  # A provider may be quicker with its event than we with our ledger.

# 18 digits: whatever fits is a number of the database.
NUMBER = re.compile(r"[0-9]{1,18}")

# Where providers put the Message-ID of the mail itself, when it came to them by SMTP.
PLACES_OF_MESSAGE_ID = (
    ("smtp-id",),  # SendGrid
    ("message-id",),  # Brevo
    ("event-data", "message", "headers", "message-id"),  # Mailgun
    ("mail", "commonHeaders", "messageId"),  # Amazon SES
    ("payload", "message", "message_id"),  # Postal
    ("payload", "original_message", "message_id"),
)


class ForeignEventError(Exception):
    """The event is about a mail to somebody else than its recipient: mixed up, or forged."""


@dataclass(frozen=True)
class Found:
    """`is_named`: the event names the delivery. Otherwise it is the likeliest, or None."""

    delivery: Delivery | None
    is_named: bool


def find_delivery(
    event: AnymailTrackingEvent, subscriber: Subscriber, happened_at: datetime
) -> Found:
    """The delivery to `subscriber` that the event is about. Raises ForeignEventError.

    Confirmations and other mails of one person have no delivery, and some providers say too little: then it is the
    last delivery within a fortnight.
    """
    name = _name_in(event)
    named = Delivery.objects.filter(**name).first() if name else None
    if named is None:
        return Found(_likeliest(subscriber, happened_at), is_named=False)
    if named.subscriber_id != subscriber.pk:
        raise ForeignEventError
    return Found(named, is_named=True)


def _name_in(event: AnymailTrackingEvent) -> dict[str, int] | None:
    """Return what identifies the delivery; None where the event does not say."""
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    value = metadata.get(METADATA_KEY)
    if isinstance(value, str | int) and NUMBER.fullmatch(str(value)):
        return {"pk": int(value)}
    for message_id in _message_ids(event):
        for mailing_id, delivery_id in deliveries_named(message_id):
            if Delivery.objects.filter(pk=delivery_id, mailing=mailing_id).exists():
                return {"pk": delivery_id, "mailing": mailing_id}
    return None


def _message_ids(event: AnymailTrackingEvent) -> Iterator[str]:
    if isinstance(event.message_id, str):
        yield event.message_id
    for path in PLACES_OF_MESSAGE_ID:
        value: Any = event.esp_event
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            yield value


def _likeliest(subscriber: Subscriber, happened_at: datetime) -> Delivery | None:
    return (
        Delivery.objects.filter(
            subscriber=subscriber,
            state__in=[DeliveryState.SENT, DeliveryState.UNCERTAIN],
            settled_at__range=(happened_at - GUESSED_WITHIN, happened_at + SETTLED_LATE_BY),
        )
        .order_by("-settled_at", "-pk")
        .first()
    )
