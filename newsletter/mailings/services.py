"""Use cases of a mailing: order, start, pause, resume, cancel, resend. One transaction each.

Jobs are rows of the same transaction. `newsletter.states` defines the transitions. `newsletter.delivery.transitions`
makes them, under a lock on the mailing's row that workers also take before they claim deliveries.
"""

import logging
import re
from collections.abc import Collection, Mapping
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
from newsletter.message_ids import MESSAGE_ID, deliveries_named
from newsletter.models import Delivery, IssuePage, Mailing, MailingContent
from newsletter.people import reconfirmation
from newsletter.states import Action, TransitionRefusedError

from .checks import Checklist

logger = logging.getLogger(__name__)

# By name, since the task imports this module.
START = "newsletter.start"
# A later start means that a backup was restored or that no worker ran, so staff must decide.
MOST_DELAY = timedelta(hours=1)


class MailingRefusedError(Exception):
    """The action is not possible. The message explains why to staff, in their language."""


@transaction.atomic
def order_issue(
    *, page: IssuePage, user: User, scheduled_at: datetime | None = None, warnings_accepted: bool
) -> Mailing:
    """Order an issue to be sent, now or at a given time. `warnings_accepted`: staff have accepted the warnings.

    Raises MailingRefusedError if a check forbids it, if warnings are not accepted, or if the issue was ordered before.
    """
    if scheduled_at and scheduled_at <= timezone.now():
        raise MailingRefusedError(_("This time has passed."))
    # Reload it under a lock, so that it does not change meanwhile.
    page = IssuePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if Mailing.objects.filter(issue_key=page.translation_key).exists():
        raise MailingRefusedError(_("This issue has already been scheduled or sent."))
    checklist = Checklist(page)
    if checklist.blockers:
        raise MailingRefusedError(_summary_of(checklist))
    if checklist.warnings and not warnings_accepted:
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
    except IntegrityError:  # It was ordered at the same time, perhaps from a translation.
        raise MailingRefusedError(_("This issue has already been scheduled or sent.")) from None
    if not scheduled_at:
        defer(START, mailing_id=mailing.pk)
    logger.info("mailing.ordered", extra={"mailing": mailing.pk, "user": user.pk})
    return mailing


@transaction.atomic
def start(*, mailing_id: int) -> bool:
    """Start a mailing that is due: freeze its content, create a delivery for each recipient, queue the sender jobs.

    A mailing that is late, or that a check now forbids, is paused for staff to decide. Return whether it started.
    """
    now = timezone.now()
    due = Mailing.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    mailing = due.filter(pk=mailing_id).first()
    if mailing is None:  # Another worker is starting it, or it was cancelled.
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
        # Content exists only for languages that had recipients when the checklist was made.
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
    """Pause until staff resume it. Messages already handed over are sent."""
    if not transitions.pause(mailing_id=mailing_id, reason=PauseReason.STAFF):
        raise MailingRefusedError(_("It is not currently being sent."))


@transaction.atomic
def resume(*, mailing_id: int) -> None:
    """Resume a paused mailing; start it now if it never started."""
    mailing = _locked(mailing_id, Action.RESUME)
    transitions.resume(mailing)
    if mailing.state == MailingState.SENDING:
        queue_senders()
    else:
        defer(START, mailing_id=mailing.pk)
    logger.info("mailing.resumed", extra={"mailing": mailing.pk})


@transaction.atomic
def cancel(*, mailing_id: int) -> bool:
    """Cancel a mailing. Return True if it never started: then it is deleted, and its issue may be ordered again."""
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


logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"[^\s<>\"',;:=()\[\]]+@[^\s<>\"',;()\[\]]+")


@transaction.atomic
def mark_sent(*, mailing_id: int, delivery_ids: Collection[int]) -> int:
    """Mark uncertain deliveries as sent, as reported by staff or a provider's list; return how many were uncertain."""
    count = transitions.mark_sent(mailing_id=mailing_id, delivery_ids=delivery_ids)
    logger.info("mailing.settled", extra={"mailing": mailing_id, "count": count})
    return count


def settle_by_list(*, mailing_id: int, content: str) -> int:
    """Mark the uncertain deliveries in a provider's list as sent; return how many.

    `content` is any text that lists accepted messages, such as a CSV export of the provider's log, with any columns.
    Our Message-IDs identify deliveries exactly. If the list has none of them, recipients' addresses are used.
    """
    uncertain = Delivery.objects.filter(mailing=mailing_id, subscriber__isnull=False).uncertain()
    rows = list(uncertain.values_list("pk", "subscriber__email"))
    mentions = {mention[0] for mention in MESSAGE_ID.finditer(content)}
    named = {name for mention in mentions for name in deliveries_named(mention)}
    if any(mailing == mailing_id for mailing, _delivery in named):
        accepted = [pk for pk, _email in rows if (mailing_id, pk) in named]
    else:
        addresses = {address.lower() for address in _ADDRESS.findall(content)}
        accepted = [pk for pk, email in rows if email.lower() in addresses]
    return mark_sent(mailing_id=mailing_id, delivery_ids=accepted)
