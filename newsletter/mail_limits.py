"""How often mail leaves because somebody typed an address into the form: its owner may not have asked for any.

Counts are kept by mailbox (see `addresses.mailbox_of`), since a stranger can write one mailbox's address in many ways.
"""

from datetime import timedelta
from enum import StrEnum

from django.core.cache import cache
from django.utils import timezone

from core.bot_protection import Limit

from .addresses import address_key, mailbox_of
from .choices import SuppressionReason
from .models import Subscriber, SuppressedAddress
from .models.subscribers import SuppressedAddressQuerySet

SECONDS_BETWEEN_MAILS = 10 * 60
DAILY_LIMIT = Limit("newsletter-mails-to-address", 5, 24 * 60 * 60)
# Who complained or asked to be erased is asked again this seldom, whoever signs them up.
BETWEEN_MAILS_TO_OBJECTORS = timedelta(days=30)
OBJECTIONS = [SuppressionReason.COMPLAINED, SuppressionReason.ERASED]


class Occasion(StrEnum):
    """What a mail is about. Each is counted by itself: who signed up a minute ago may ask to leave."""

    SIGN_UP = "sign-up"
    LIST = "list"
    LEAVING = "leaving"


def may_write_to(subscriber: Subscriber, occasion: Occasion, *, job_id: int | None) -> bool:
    """Whether a mail may leave now: ten minutes after the last, five a day, one a month to who objected.

    A job that is tried again still may. Who left is written to at once when they sign up again. Only sign-ups are
    counted by mailbox: lists name, and links to leave reach, nobody but those who are known.
    """
    is_sign_up = occasion == Occasion.SIGN_UP
    if is_sign_up and _was_asked_lately(subscriber.email):
        return False
    subject = mailbox_of(subscriber.email) if is_sign_up else subscriber.email
    ended = subscriber.ended_at.timestamp() if subscriber.ended_at else ""
    mark = f"newsletter:mail:{occasion}:{address_key(subject)}:{ended}"
    if cache.add(mark, job_id, timeout=SECONDS_BETWEEN_MAILS):
        return DAILY_LIMIT.allows(f"{occasion} {subject}")
    return job_id is not None and cache.get(mark) == job_id


def remember_asking(email: str) -> None:
    """Note that the owner of the address was asked to confirm, where they once objected."""
    _objections(email).update(asked_at=timezone.now())


def _was_asked_lately(email: str) -> bool:
    since = timezone.now() - BETWEEN_MAILS_TO_OBJECTORS
    return _objections(email).filter(asked_at__gt=since).exists()


def _objections(email: str) -> SuppressedAddressQuerySet:
    rows = SuppressedAddress.objects.filter(reason__in=OBJECTIONS)
    return rows.of_address(email) | rows.of_address(mailbox_of(email))
