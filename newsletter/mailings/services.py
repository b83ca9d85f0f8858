"""What is done with a mailing: one function a use case, one transaction each.

Jobs are rows of the same transaction. Every change of state is checked under a lock on the mailing's row, which
workers ask as well before they claim.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs import defer
from core.models import User
from newsletter.choices import DeliveryState, MailingKind, MailingState, PauseReason
from newsletter.delivery import ledger, progress
from newsletter.delivery.lanes import ensure_lanes
from newsletter.models import Delivery, IssuePage, Mailing, MailingContent
from newsletter.people import reconfirmation
from newsletter.words import Words

from .checks import Checklist

logger = logging.getLogger(__name__)

# Named, not imported: the task calls the services.
START = "newsletter.start"
# A mailing that starts later than this was forgotten by everybody: a backup was restored, or no worker ran.
MOST_DELAY = timedelta(hours=1)


class MailingRefusedError(Exception):
    """What was asked cannot be done. The message tells staff why, in their language."""


@transaction.atomic
def order_issue(
    *, page: IssuePage, user: User, scheduled_at: datetime | None = None, doubts_accepted: bool
) -> Mailing:
    """Have an issue sent, now or at a time. `doubts_accepted`: a person has read the warnings and means it.

    Raises MailingRefusedError if a check forbids it, if a doubt is left, or if the issue is ordered already.
    """
    if scheduled_at and scheduled_at <= timezone.now():
        raise MailingRefusedError(_("This time has passed."))
    # As it is now, and not to be changed meanwhile.
    page = IssuePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if Mailing.objects.filter(issue_key=page.translation_key).exists():
        raise MailingRefusedError(_("This issue is ordered already."))
    checklist = Checklist(page)
    if checklist.blockers:
        raise MailingRefusedError(_told(checklist))
    if checklist.doubts and not doubts_accepted:
        raise MailingRefusedError(_("Read the warnings, and say that you have."))
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                kind=MailingKind.ISSUE,
                page=page,
                issue_key=page.translation_key,
                subject=page.mail_subject,
                scheduled_at=scheduled_at or timezone.now(),
                ordered_by=user,
            )
    except IntegrityError:  # Somebody else was faster, perhaps from a translation.
        raise MailingRefusedError(_("This issue is ordered already.")) from None
    if not scheduled_at:
        defer(START, mailing_id=mailing.pk)
    logger.info("mailing.ordered", extra={"mailing": mailing.pk, "user": user.pk})
    return mailing


@transaction.atomic
def start(*, mailing_id: int) -> bool:
    """Start a mailing whose time has come: keep its words, write a delivery for each recipient, wake the workers.

    One that comes too late, or that a check forbids now, waits for a person. Tells whether it started.
    """
    now = timezone.now()
    due = Mailing.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    mailing = due.filter(pk=mailing_id).first()
    if mailing is None:  # Another worker's, or no longer wanted.
        return False
    if now - mailing.scheduled_at > MOST_DELAY:
        progress.pause(mailing_id=mailing.pk, reason=PauseReason.MISSED)
        return False
    if mailing.kind == MailingKind.ISSUE:
        checklist = Checklist(mailing.page) if mailing.page else None
        if checklist is None or checklist.blockers:
            told = _told(checklist) if checklist else _("The page of the issue was deleted.")
            progress.pause(mailing_id=mailing.pk, reason=PauseReason.CHECKS, details=told[:300])
            return False
        words: dict[str, Words] = {edition.language: edition.mail for edition in checklist.editions}
        subscribers = checklist.page.audience.subscribers()
        # Of a language that had no reader a moment ago there are no words.
        subscribers = subscribers.filter(language__in=checklist.recipients)
    else:
        words = reconfirmation.words_of(mailing)
        subscribers = reconfirmation.audience_of(mailing)
    _keep_words(mailing, words)
    count = ledger.prepare(mailing=mailing, subscribers=subscribers)
    mailing.state = MailingState.SENDING
    mailing.started_at = mailing.active_at = now
    mailing.save(update_fields=["state", "started_at", "active_at"])
    ensure_lanes()
    logger.info("mailing.started", extra={"mailing": mailing.pk, "count": count})
    return True


@transaction.atomic
def pause(*, mailing_id: int) -> None:
    """Stop sending until a person says otherwise. What is handed over already is on its way."""
    if not progress.pause(mailing_id=mailing_id, reason=PauseReason.STAFF):
        raise MailingRefusedError(_("It is not being sent."))


@transaction.atomic
def resume(*, mailing_id: int) -> None:
    """Go on with a paused mailing; start it now if it never started."""
    mailing = _locked(mailing_id, {MailingState.PAUSED})
    now = timezone.now()
    mailing.pause_reason = mailing.pause_details = ""
    mailing.errors_in_a_row = 0
    if mailing.started_at:
        mailing.state = MailingState.SENDING
        mailing.active_at = now
        ensure_lanes()
    else:
        mailing.state = MailingState.SCHEDULED
        mailing.scheduled_at = now
        defer(START, mailing_id=mailing.pk)
    mailing.save()
    logger.info("mailing.resumed", extra={"mailing": mailing.pk})


@transaction.atomic
def cancel(*, mailing_id: int) -> bool:
    """Send no more of it. One that never started is forgotten, and its issue may be ordered anew: then True."""
    mailing = _locked(
        mailing_id, {MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED}
    )
    logger.info("mailing.cancelled", extra={"mailing": mailing.pk})
    if not mailing.started_at:
        mailing.delete()
        return True
    now = timezone.now()
    Delivery.objects.filter(mailing=mailing).waiting().update(
        state=DeliveryState.CANCELLED, settled_at=now, not_before=None
    )
    mailing.state = MailingState.CANCELLED
    mailing.pause_reason = mailing.pause_details = ""
    mailing.finished_at = now
    mailing.save()
    return False


@transaction.atomic
def resend_uncertain(*, mailing_id: int, delivery_id: int | None = None) -> int:
    """Send again what may have gone out or not, all or one; give how many. Some readers may get it twice."""
    mailing = _locked(
        mailing_id,
        {MailingState.SENT, MailingState.SENDING, MailingState.PAUSED, MailingState.CANCELLED},
    )
    uncertain = Delivery.objects.filter(mailing=mailing).uncertain()
    if delivery_id is not None:
        uncertain = uncertain.filter(pk=delivery_id)
    count = uncertain.update(state=DeliveryState.WAITING, claim=None, settled_at=None, error="")
    if count and mailing.state in {MailingState.SENT, MailingState.CANCELLED}:
        mailing.state = MailingState.SENDING
        mailing.finished_at = None
        mailing.active_at = timezone.now()
        mailing.save(update_fields=["state", "finished_at", "active_at"])
    if count:
        ensure_lanes()
    logger.info("mailing.resent", extra={"mailing": mailing.pk, "count": count})
    return count


def _locked(mailing_id: int, states: set[MailingState]) -> Mailing:
    mailing = Mailing.objects.select_for_update(of=("self",)).filter(pk=mailing_id).first()
    if mailing is None or mailing.state not in states:
        raise MailingRefusedError(_("It moved on in the meantime. Look at where it stands now."))
    return mailing


def _keep_words(mailing: Mailing, words: Mapping[str, Words]) -> None:
    MailingContent.objects.bulk_create(
        MailingContent(
            mailing=mailing,
            language=language,
            subject=mail.subject,
            html=mail.html,
            text=mail.text,
        )
        for language, mail in words.items()
    )


def _told(checklist: Checklist) -> str:
    return " ".join(f"{check.name}: {check.found}" for check in checklist.blockers)
