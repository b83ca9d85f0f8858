"""What an event means for the address that it is about.

django-anymail gives one vocabulary to the events of all providers. It says that a mail bounced, but not whether for
good, and puts lists of addresses that a provider writes to no more together with its other refusals. The provider's
own words tell these apart. They are those of its documentation; django-anymail's modules link to each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from newsletter.choices import MailEventKind

HARD = MailEventKind.HARD_BOUNCE
SOFT = MailEventKind.SOFT_BOUNCE
COMPLAINT = MailEventKind.COMPLAINT
UNSUBSCRIPTION = MailEventKind.UNSUBSCRIPTION

# What is not named here is dropped: who opened a mail or followed a link is not kept, and a mail that the provider
# could not make says nothing of the address.
KINDS: Mapping[str, MailEventKind] = {
    EventType.DELIVERED: MailEventKind.DELIVERED,
    EventType.DEFERRED: SOFT,  # If it is delivered after all, that is told too, and ends the series.
    EventType.BOUNCED: SOFT,  # Where the provider's words say no more: no address is given up for a guess.
    EventType.REJECTED: SOFT,
    EventType.COMPLAINED: COMPLAINT,
    EventType.UNSUBSCRIBED: UNSUBSCRIPTION,
}
# Why a provider did not even try.
KINDS_OF_REJECTION: Mapping[str, MailEventKind] = {
    RejectReason.INVALID: HARD,
    RejectReason.BOUNCED: HARD,
    RejectReason.SPAM: COMPLAINT,
    RejectReason.UNSUBSCRIBED: UNSUBSCRIPTION,
}
WITH_WORDS_OF_THEIR_OWN = {
    EventType.BOUNCED,
    EventType.REJECTED,
    EventType.FAILED,
    EventType.COMPLAINED,
}


@dataclass(frozen=True)
class Words:
    """Where in a provider's event the words stand, the most exact first, and what they mean in lower case."""

    paths: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, MailEventKind | None]

    def word_of(self, esp_event: Any) -> str | None:
        """The first of the words that is there."""
        words = (_word_at(esp_event, path) for path in self.paths)
        return next((word for word in words if word in self.kinds), None)


WORDS: Mapping[str, Words] = {
    "Amazon SES": Words(
        paths=(("bounce", "bounceType"), ("complaint", "complaintFeedbackType")),
        # "not-spam": its owner took the mail out of the spam folder. RFC 6430.
        kinds={"permanent": HARD, "not-spam": None},
    ),
    "Brevo": Words(
        paths=(("event",),), kinds={"hard_bounce": HARD, "invalid_email": HARD, "blocked": HARD}
    ),
    "MailerSend": Words(paths=(("data", "type"),), kinds={"hard_bounced": HARD}),
    # Not by the severity alone: what is given up as too old was tried in vain, and is permanent too.
    "Mailgun": Words(
        paths=(("event-data", "reason"),),
        kinds={
            "bounce": HARD,
            "suppress-bounce": HARD,
            "suppress-complaint": COMPLAINT,
            "suppress-unsubscribe": UNSUBSCRIPTION,
        },
    ),
    "Mailjet": Words(
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
    "Mailtrap": Words(paths=(("event",),), kinds={"bounce": HARD, "reject": HARD}),
    "Postal": Words(paths=(("payload", "status"),), kinds={"hardfail": HARD}),
    "Postmark": Words(
        paths=(("Type",), ("SuppressionReason",)),
        kinds={"hardbounce": HARD, "bademailaddress": HARD, "manuallydeactivated": HARD},
    ),
    "Resend": Words(paths=(("data", "bounce", "type"),), kinds={"permanent": HARD}),
    "SendGrid": Words(
        paths=(("type",), ("reason",)),
        kinds={
            "bounce": HARD,
            "bounced address": HARD,
            "spam reporting address": COMPLAINT,
        },
    ),
    # Classes: invalid recipient, its own list of suppressed addresses, no recipient.
    "SparkPost": Words(
        paths=(("msys", "message_event", "bounce_class"), ("msys", "gen_event", "bounce_class")),
        kinds={"10": HARD, "25": HARD, "30": HARD},
    ),
    "Unisender Go": Words(
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
    """What the event says of its recipient; None where that is nothing that is kept."""
    if event.event_type in WITH_WORDS_OF_THEIR_OWN and esp_name in WORDS:
        words = WORDS[esp_name]
        word = words.word_of(event.esp_event)
        if word is not None:
            return words.kinds[word]
    if event.event_type == EventType.REJECTED and event.reject_reason in KINDS_OF_REJECTION:
        return KINDS_OF_REJECTION[event.reject_reason]
    return KINDS.get(event.event_type)


def _word_at(esp_event: Any, path: tuple[str, ...]) -> str:
    """In lower case, as spelling varies; empty where there is none. Whoever sends the event may put anything there."""
    value = esp_event
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return str(value).lower() if isinstance(value, str | bool | int) else ""
