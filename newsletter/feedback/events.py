"""Interprets events of mail providers: the meaning for the address, and the delivery that the event is about.

django-anymail has one vocabulary for the events of all providers. It reports that a mail bounced, but not whether the
bounce is hard, and does not separate suppression lists of a provider from its other refusals. The provider's own codes
do, as documented by each provider: see the links in django-anymail's modules.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from newsletter.choices import DeliveryState, MailEventKind
from newsletter.message_ids import deliveries_named
from newsletter.models import Delivery, Subscriber

HARD = MailEventKind.HARD_BOUNCE
SOFT = MailEventKind.SOFT_BOUNCE
COMPLAINT = MailEventKind.COMPLAINT
UNSUBSCRIPTION = MailEventKind.UNSUBSCRIPTION

# Events of other types are ignored: opens and clicks are not recorded, and a message that the provider could not build
# says nothing about the address.
KINDS: Mapping[str, MailEventKind] = {
    EventType.DELIVERED: MailEventKind.DELIVERED,
    EventType.DEFERRED: SOFT,  # A later delivery is also reported, and ends the series.
    EventType.BOUNCED: SOFT,  # Unless the provider's code says more: no address is suppressed on a guess.
    EventType.REJECTED: SOFT,
    EventType.COMPLAINED: COMPLAINT,
    EventType.UNSUBSCRIBED: UNSUBSCRIPTION,
}
# Reasons for which a provider did not try.
KINDS_OF_REJECTION: Mapping[str, MailEventKind] = {
    RejectReason.INVALID: HARD,
    RejectReason.BOUNCED: HARD,
    RejectReason.SPAM: COMPLAINT,
    RejectReason.UNSUBSCRIBED: UNSUBSCRIPTION,
}
WITH_DETAILS = {
    EventType.BOUNCED,
    EventType.REJECTED,
    EventType.FAILED,
    EventType.COMPLAINED,
}


@dataclass(frozen=True)
class DetailCodes:
    """Paths to the codes in a provider's events, the most exact first, and the meaning of each code in lower case."""

    paths: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, MailEventKind | None]

    def code_in(self, esp_event: Any) -> str | None:
        """Return the first known code; None if there is none."""
        codes = (_code_at(esp_event, path) for path in self.paths)
        return next((code for code in codes if code in self.kinds), None)


DETAIL_CODES: Mapping[str, DetailCodes] = {
    "Amazon SES": DetailCodes(
        paths=(("bounce", "bounceType"), ("complaint", "complaintFeedbackType")),
        # "not-spam": the recipient moved the mail out of the spam folder. RFC 6430.
        kinds={"permanent": HARD, "not-spam": None},
    ),
    "Brevo": DetailCodes(
        paths=(("event",),), kinds={"hard_bounce": HARD, "invalid_email": HARD, "blocked": HARD}
    ),
    "MailerSend": DetailCodes(paths=(("data", "type"),), kinds={"hard_bounced": HARD}),
    # Not by severity, since messages given up after retries count as permanent, too.
    "Mailgun": DetailCodes(
        paths=(("event-data", "reason"),),
        kinds={
            "bounce": HARD,
            "suppress-bounce": HARD,
            "suppress-complaint": COMPLAINT,
            "suppress-unsubscribe": UNSUBSCRIPTION,
        },
    ),
    "Mailjet": DetailCodes(
        paths=(("hard_bounce",), ("error",)),
        kinds={
            "true": HARD,
            "false": SOFT,
            "user unknown": HARD,
            "mailbox inactive": HARD,
            "quota exceeded": SOFT,
            "blacklisted": HARD,
            "invalid domain": HARD,
            "no mail host": HARD,
            "relay/access denied": SOFT,
            "preblocked": HARD,
            "duplicate in campaign": None,
        },
    ),
    "Mailtrap": DetailCodes(paths=(("event",),), kinds={"bounce": HARD, "reject": HARD}),
    "Postal": DetailCodes(paths=(("payload", "status"),), kinds={"hardfail": HARD}),
    "Postmark": DetailCodes(
        paths=(("Type",), ("SuppressionReason",)),
        kinds={"hardbounce": HARD, "bademailaddress": HARD, "manuallydeactivated": HARD},
    ),
    "Resend": DetailCodes(paths=(("data", "bounce", "type"),), kinds={"permanent": HARD}),
    "SendGrid": DetailCodes(
        paths=(("type",), ("reason",)),
        kinds={
            "bounce": HARD,
            "bounced address": HARD,
            "spam reporting address": COMPLAINT,
        },
    ),
    # Classes: invalid recipient, its own list of suppressed addresses, no recipient.
    "SparkPost": DetailCodes(
        paths=(("msys", "message_event", "bounce_class"), ("msys", "gen_event", "bounce_class")),
        kinds={"10": HARD, "25": HARD, "30": HARD},
    ),
    "Unisender Go": DetailCodes(
        paths=(("delivery_info", "delivery_status"),),
        kinds={
            "err_user_unknown": HARD,
            "err_user_inactive": HARD,
            "err_mailbox_discarded": HARD,
            "err_domain_inactive": HARD,
            "err_unsubscribed": UNSUBSCRIPTION,
        },
    ),
}


def kind_of(event: AnymailTrackingEvent, *, esp_name: str) -> MailEventKind | None:
    """Return the kind of an event; None if it is not to be recorded."""
    if event.event_type in WITH_DETAILS and esp_name in DETAIL_CODES:
        codes = DETAIL_CODES[esp_name]
        code = codes.code_in(event.esp_event)
        if code is not None:
            return codes.kinds[code]
    if event.event_type == EventType.REJECTED and event.reject_reason in KINDS_OF_REJECTION:
        return KINDS_OF_REJECTION[event.reject_reason]
    return KINDS.get(event.event_type)


def _code_at(esp_event: Any, path: tuple[str, ...]) -> str:
    """Return the code in lower case, since spelling varies; "" if there is none. The sender may put any value there."""
    value = esp_event
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return str(value).lower() if isinstance(value, str | bool | int) else ""


# The key of the delivery's id in the metadata that providers return with their events.
METADATA_KEY = "delivery"
GUESSED_WITHIN = timedelta(days=14)
# A provider may report an event before our worker has written the outcome.
SETTLED_LATE_BY = timedelta(hours=1)

# Every number of 18 digits fits into a key of the database.
NUMBER = re.compile(r"[0-9]{1,18}")

# Paths to the Message-ID of mails that providers received over SMTP.
PLACES_OF_MESSAGE_ID = (
    ("smtp-id",),  # SendGrid
    ("message-id",),  # Brevo
    ("event-data", "message", "headers", "message-id"),  # Mailgun
    ("mail", "commonHeaders", "messageId"),  # Amazon SES
    ("payload", "message", "message_id"),  # Postal
    ("payload", "original_message", "message_id"),
)


class ForeignEventError(Exception):
    """The event identifies a message to somebody else than its recipient: it is confused or forged."""


@dataclass(frozen=True)
class Found:
    """The delivery of an event. `is_named`: the event identifies it. Otherwise it is the most likely one, or None."""

    delivery: Delivery | None
    is_named: bool


def find_delivery(
    event: AnymailTrackingEvent, subscriber: Subscriber, happened_at: datetime
) -> Found:
    """Return the delivery to `subscriber` that the event is about. Raises ForeignEventError.

    If the event identifies none, because the provider reports too little or the mail was to one person, return the
    latest delivery within a fortnight.
    """
    name = _name_in(event)
    named = Delivery.objects.filter(**name).first() if name else None
    if named is None:
        return Found(_likeliest(subscriber, happened_at), is_named=False)
    if named.subscriber_id != subscriber.pk:
        raise ForeignEventError
    return Found(named, is_named=True)


def _name_in(event: AnymailTrackingEvent) -> dict[str, int] | None:
    """Return the filter that identifies the delivery; None if the event does not identify one."""
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
