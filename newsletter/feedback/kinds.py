"""What an event means for the address that it is about.

django-anymail gives one vocabulary to the events of all providers. It says that a mail bounced, but not whether for
good, and puts lists of addresses that a provider writes to no more together with its other refusals. The provider's
own codes distinguish these. They are those of its documentation; django-anymail's modules link to each.
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
    EventType.DEFERRED: SOFT,  # If it is delivered after all, that is reported too, and ends the series.
    EventType.BOUNCED: SOFT,  # Unless the provider's code says more: no address is given up for a guess.
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
WITH_DETAILS = {
    EventType.BOUNCED,
    EventType.REJECTED,
    EventType.FAILED,
    EventType.COMPLAINED,
}


@dataclass(frozen=True)
class DetailCodes:
    """Where a provider's event says why, the most exact place first, and what each code means in lower case."""

    paths: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, MailEventKind | None]

    def code_in(self, esp_event: Any) -> str | None:
        """Return the first known code; None where there is none."""
        codes = (_code_at(esp_event, path) for path in self.paths)
        return next((code for code in codes if code in self.kinds), None)


DETAIL_CODES: Mapping[str, DetailCodes] = {
    "Amazon SES": DetailCodes(
        paths=(("bounce", "bounceType"), ("complaint", "complaintFeedbackType")),
        # "not-spam": its owner took the mail out of the spam folder. RFC 6430.
        kinds={"permanent": HARD, "not-spam": None},
    ),
    "Brevo": DetailCodes(
        paths=(("event",),), kinds={"hard_bounce": HARD, "invalid_email": HARD, "blocked": HARD}
    ),
    "MailerSend": DetailCodes(paths=(("data", "type"),), kinds={"hard_bounced": HARD}),
    # Not by the severity alone: what is given up as too old was tried in vain, and is permanent too.
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
    """Return what the event says about its recipient; None for what is not kept."""
    if event.event_type in WITH_DETAILS and esp_name in DETAIL_CODES:
        codes = DETAIL_CODES[esp_name]
        code = codes.code_in(event.esp_event)
        if code is not None:
            return codes.kinds[code]
    if event.event_type == EventType.REJECTED and event.reject_reason in KINDS_OF_REJECTION:
        return KINDS_OF_REJECTION[event.reject_reason]
    return KINDS.get(event.event_type)


def _code_at(esp_event: Any, path: tuple[str, ...]) -> str:
    """Return it in lower case, as spelling varies; empty where there is none. The sender may put anything there."""
    value = esp_event
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return str(value).lower() if isinstance(value, str | bool | int) else ""
