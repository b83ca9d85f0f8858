"""Use cases of a mailing: order, start, pause, resume, cancel, resend. One transaction each.

Jobs are rows of the same transaction. `newsletter.states` says what is possible in which state, and
`newsletter.delivery.transitions` changes it under a lock on the mailing's row that workers take too before they claim.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs import defer
from core.models import User
from newsletter.choices import MailingKind, MailingState, PauseReason
from newsletter.delivery import transitions
from newsletter.delivery.sending import queue_senders
from newsletter.mail_content import MailContent
from newsletter.models import IssuePage, Mailing, MailingContent
from newsletter.people import reconfirmation
from newsletter.states import Action, TransitionRefusedError

from .checks import Checklist

logger = logging.getLogger(__name__)

# Named, not imported: the task calls the services.
START = "newsletter.start"
# A mailing that starts later than this was forgotten by everybody: a backup was restored, or no worker ran.
MOST_DELAY = timedelta(hours=1)


class MailingRefusedError(Exception):
    """It cannot be done. The message tells staff why, in their language."""


@transaction.atomic
def order_issue(
    *, page: IssuePage, user: User, scheduled_at: datetime | None = None, doubts_accepted: bool
) -> Mailing:
    """Order an issue to be sent, now or at a given time. `doubts_accepted`: a person has accepted the warnings.

    Raises MailingRefusedError if a check forbids it, if a doubt is left, or if the issue is ordered already.
    """
    if scheduled_at and scheduled_at <= timezone.now():
        raise MailingRefusedError(_("This time has passed."))
    # As it is now, and not to be changed meanwhile.
    page = IssuePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if Mailing.objects.filter(issue_key=page.translation_key).exists():
        raise MailingRefusedError(_("This issue has already been scheduled or sent."))
    checklist = Checklist(page)
    if checklist.blockers:
        raise MailingRefusedError(_summary_of(checklist))
    if checklist.doubts and not doubts_accepted:
        raise MailingRefusedError(_("Read the warnings and confirm that you have."))
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
        raise MailingRefusedError(_("This issue has already been scheduled or sent.")) from None
    if not scheduled_at:
        defer(START, mailing_id=mailing.pk)
    logger.info("mailing.ordered", extra={"mailing": mailing.pk, "user": user.pk})
    return mailing


@transaction.atomic
def start(*, mailing_id: int) -> bool:
    """Start a mailing that is due: freeze its content, make a delivery for each recipient, queue the sender jobs.

    One that is too late, or that a check forbids now, is paused for a person to decide. Returns whether it started.
    """
    now = timezone.now()
    due = Mailing.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    mailing = due.filter(pk=mailing_id).first()
    if mailing is None:  # Another worker's, or no longer wanted.
        return False
    if now - mailing.scheduled_at > MOST_DELAY:
        transitions.pause(mailing_id=mailing.pk, reason=PauseReason.MISSED)
        return False
    if mailing.kind == MailingKind.ISSUE:
        checklist = Checklist(mailing.page) if mailing.page else None
        if checklist is None or checklist.blockers:
            summary = (
                _summary_of(checklist) if checklist else _("The page of the issue was deleted.")
            )
            transitions.pause(mailing_id=mailing.pk, reason=PauseReason.CHECKS, details=summary)
            return False
        contents = {edition.language: edition.mail for edition in checklist.editions}
        # There is no content in a language that had no reader a moment ago.
        subscribers = checklist.page.recipients().filter(language__in=checklist.recipients)
    else:
        contents = reconfirmation.contents_of(mailing)
        subscribers = reconfirmation.audience_of(mailing)
    _freeze(mailing, contents)
    count = transitions.start(mailing, subscribers=subscribers)
    queue_senders()
    logger.info("mailing.started", extra={"mailing": mailing.pk, "count": count})
    return True


@transaction.atomic
def pause(*, mailing_id: int) -> None:
    """Stop sending until a person resumes it. What has been handed over is on its way."""
    if not transitions.pause(mailing_id=mailing_id, reason=PauseReason.STAFF):
        raise MailingRefusedError(_("It is not currently being sent."))


@transaction.atomic
def resume(*, mailing_id: int) -> None:
    """Go on with a paused mailing; start it now if it never started."""
    mailing = _locked(mailing_id, Action.RESUME)
    transitions.resume(mailing)
    if mailing.state == MailingState.SENDING:
        queue_senders()
    else:
        defer(START, mailing_id=mailing.pk)
    logger.info("mailing.resumed", extra={"mailing": mailing.pk})


@transaction.atomic
def cancel(*, mailing_id: int) -> bool:
    """Send no more of it. One that never started is deleted, and its issue may be ordered again: then True."""
    mailing = _locked(mailing_id, Action.CANCEL)
    logger.info("mailing.cancelled", extra={"mailing": mailing.pk})
    return transitions.cancel(mailing)


@transaction.atomic
def resend_uncertain(*, mailing_id: int, delivery_id: int | None = None) -> int:
    """Send uncertain deliveries again, all or one; return how many. Some recipients may get it twice."""
    mailing = _locked(mailing_id, Action.RESEND)
    count = transitions.resend_uncertain(mailing, delivery_id=delivery_id)
    if count:
        queue_senders()
    logger.info("mailing.resent", extra={"mailing": mailing.pk, "count": count})
    return count


def _locked(mailing_id: int, action: Action) -> Mailing:
    try:
        return transitions.lock_for(action, mailing_id)
    except TransitionRefusedError:
        refusal = _("Its state has changed in the meantime. Look at it again.")
        raise MailingRefusedError(refusal) from None


def _freeze(mailing: Mailing, contents: Mapping[str, MailContent]) -> None:
    MailingContent.objects.bulk_create(
        MailingContent(
            mailing=mailing,
            language=language,
            subject=mail.subject,
            html=mail.html,
            text=mail.text,
        )
        for language, mail in contents.items()
    )


def _summary_of(checklist: Checklist) -> str:
    return " ".join(f"{check.name}: {check.found}" for check in checklist.blockers)
