"""Jobs for mailings: start them, supervise them, check links, notify staff."""

import logging
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from core.jobs import defer_once, failures_without_addresses
from core.mail_hold.services import mail_released
from newsletter.choices import PauseReason
from newsletter.delivery import transitions
from newsletter.delivery.sending import PRIORITY, queue_senders
from newsletter.models import IssuePage, Mailing

from . import link_checks, services
from .checks import Checklist
from .staff_mail import notice_of

logger = logging.getLogger(__name__)

CHECK_LINKS = "newsletter.check_links"
AFTER_ALL_ELSE = PRIORITY - 10


@app.task(name=services.START, queue="newsletter", retry=RetryStrategy(max_attempts=5, wait=5))
def start(*, mailing_id: int) -> None:
    """Start a mailing whose time has come."""
    services.start(mailing_id=mailing_id)


@app.periodic(cron="* * * * *")
@app.task(
    name="newsletter.watch_mailings", queue="newsletter", queueing_lock="newsletter.watch_mailings"
)
def watch_mailings(timestamp: int) -> None:
    """Mark deliveries of dead workers as uncertain, keep sender jobs queued, and start mailings that are due."""
    transitions.recover()
    if Mailing.objects.sending().exists():
        queue_senders()
    for mailing_id in Mailing.objects.due(timezone.now()).values_list("pk", flat=True):
        # One job each, so that a failure does not delay another mailing.
        defer_once(services.START, key=f"{services.START}.{mailing_id}", mailing_id=mailing_id)


@receiver(mail_released)
def pause_mailings(**_signal: Any) -> None:
    """Pause running mailings when a restored site may send again: the original may have sent them meanwhile."""
    for mailing_id in Mailing.objects.sending().values_list("pk", flat=True):
        transitions.pause(mailing_id=mailing_id, reason=PauseReason.RESTORED)


# One at a time and at the lowest priority, so that slow web servers delay no mail.
@app.task(name=CHECK_LINKS, queue="newsletter", lock=CHECK_LINKS, priority=AFTER_ALL_ELSE)
def check_links(*, page_id: int) -> None:
    """Check the links of an issue that were not checked in the last hour."""
    page = IssuePage.objects.filter(pk=page_id).first()
    if page is None:  # Deleted meanwhile.
        return
    urls = Checklist(page).links
    known = link_checks.known_answers(urls)
    answers = link_checks.check(url for url in urls if url not in known)
    broken = sum(not answer.works for answer in answers)
    logger.info("issue.links_checked", extra={"issue": page_id, "broken": broken})


@app.task(
    name=transitions.NOTIFY_STAFF,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),  # Mail itself may be what fails.
)
def notify_staff(*, mailing_id: int) -> None:
    """Notify staff who may send issues that a mailing is paused."""
    mailing = Mailing.objects.filter(pk=mailing_id).first()
    mail = notice_of(mailing) if mailing else None
    if mail is None:  # It is no longer paused, or no such user has an address.
        return
    with failures_without_addresses():
        mail.send()
    logger.info("mailing.staff_notified", extra={"mailing": mailing_id})
