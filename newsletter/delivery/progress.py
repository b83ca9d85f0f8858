"""Where a mailing stands, as the engine moves it: guarded statements that tell whether they changed it."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.jobs import defer
from newsletter.choices import MailingState, PauseReason
from newsletter.models import Delivery, Mailing

from .refusals import Refusals, follow_up

logger = logging.getLogger(__name__)

# Named, not imported: the task belongs to those who order mailings.
TELL_STAFF = "newsletter.tell_staff"
# A mailing in service is written of far more often; one of a restored backup is not.
INTERRUPTED_AFTER = timedelta(hours=1)
ACTIVE_EVERY = timedelta(seconds=5)

# Whoever is about to change the same row does the same: nobody waits, and nobody waits in a circle.
TOUCH = """
    UPDATE newsletter_mailing SET active_at = %(now)s WHERE id IN (
        SELECT id FROM newsletter_mailing
        WHERE state = 'sending' AND active_at <= %(stale)s AND active_at > %(interrupted)s
        FOR NO KEY UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True)
class Standing:
    """Where a mailing stands under a lock; `backend` is the process of the database server that holds it."""

    state: MailingState
    errors_in_a_row: int
    backend: int


def pause(*, mailing_id: int, reason: PauseReason, details: str = "") -> bool:
    """Stop a mailing until a person goes on with it, and tell staff unless it was they. Tells whether it was done."""
    with transaction.atomic():
        paused = Mailing.objects.filter(
            pk=mailing_id, state__in=[MailingState.SCHEDULED, MailingState.SENDING]
        ).update(state=MailingState.PAUSED, pause_reason=reason, pause_details=details[:300])
        if not paused:
            return False
        if reason != PauseReason.STAFF:
            defer(TELL_STAFF, mailing_id=mailing_id)
    logger.warning("newsletter.paused", extra={"mailing": mailing_id, "reason": reason.value})
    return True


def finish(*, mailing_id: int) -> bool:
    """End a mailing of which every delivery is settled. Tells whether it was done."""
    with transaction.atomic():
        finished = _finish(mailing_id)
        if finished and Refusals.of(mailing_id).refused:
            follow_up(mailing_id)
    if finished:
        logger.info("newsletter.finished", extra={"mailing": mailing_id})
    return finished


def _finish(mailing_id: int) -> bool:
    unsettled = Delivery.objects.unsettled().filter(mailing=OuterRef("pk"))
    finished = (
        Mailing.objects.sending()
        .filter(~Exists(unsettled), pk=mailing_id)
        .update(state=MailingState.SENT, finished_at=timezone.now())
    )
    return bool(finished)


def keep_watch() -> None:
    """Write that the mailings being sent are in service, and pause those that were not for an hour."""
    now = timezone.now()
    stale = Mailing.objects.sending().filter(active_at__lte=now - INTERRUPTED_AFTER)
    for mailing_id in stale.values_list("pk", flat=True):
        pause(mailing_id=mailing_id, reason=PauseReason.INTERRUPTED)
    with connection.cursor() as cursor:
        cursor.execute(
            TOUCH,
            {"now": now, "stale": now - ACTIVE_EVERY, "interrupted": now - INTERRUPTED_AFTER},
        )


def lock(mailing_id: int) -> Standing:
    """Keep a mailing as it is until the transaction ends. Whoever writes of its deliveries as well locks it first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, errors_in_a_row, pg_backend_pid() FROM newsletter_mailing"
            " WHERE id = %s FOR NO KEY UPDATE",
            [mailing_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Mailing.DoesNotExist(f"Mailing {mailing_id} is gone.")
    state, errors_in_a_row, backend = row
    return Standing(MailingState(state), errors_in_a_row, backend)


def count_errors(mailing_id: int, errors_in_a_row: int) -> None:
    Mailing.objects.filter(pk=mailing_id).update(errors_in_a_row=errors_in_a_row)
