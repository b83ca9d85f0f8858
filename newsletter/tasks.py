"""Jobs for subscribers: mails to one person, and daily deletions."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

# Procrastinate imports only this module of the app, so it imports all others with jobs.
from . import services
from .choices import SubscriberState, SuppressionReason
from .delivery import sending  # noqa: F401
from .delivery.outcomes import AddressRefused, Sent
from .feedback import tasks as feedback_tasks  # noqa: F401
from .mail import (
    Occasion,
    already_subscribed_mail,
    confirmation_mail,
    leaving_mail,
    may_write_to,
    record_request,
    send_single,
)
from .mailings import tasks as mailing_tasks  # noqa: F401
from .models import Subscriber
from .people import tasks as people_tasks  # noqa: F401

logger = logging.getLogger(__name__)

PURGE_AFTER = timedelta(days=30)

# After 5, 25, 125 seconds and so on, up to about a day later: the mail server may be down for hours.
UNTIL_TOMORROW = RetryStrategy(max_attempts=8, exponential_wait=5)


@app.task(
    name=services.ANSWER_SIGN_UP,
    queue="mail",
    retry=UNTIL_TOMORROW,
    pass_context=True,
)
def answer_sign_up(
    context: JobContext, *, subscriber_id: int, sign_up_id: int | None = None
) -> None:
    """Write to the owner of an address that was signed up, within the limits of `may_write_to`.

    Every sign-up queues this job, so that the response takes the same time for every address. People from imported
    lists have no `SignUp`. A sign-up without a mail can never be confirmed, so it is deleted.
    """
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:  # Erased meanwhile.
        return
    sign_up = subscriber.sign_ups.filter(pk=sign_up_id).first() if sign_up_id else None
    occasion = Occasion.SIGN_UP if sign_up_id else Occasion.LIST
    may_write = may_write_to(subscriber, occasion, job_id=context.job.id)
    if may_write and subscriber.state == SubscriberState.PENDING:
        _send(confirmation_mail(subscriber, sign_up), subscriber, context)
        record_request(subscriber.email)
        return
    if may_write and subscriber.state == SubscriberState.CONFIRMED:
        _send(already_subscribed_mail(subscriber), subscriber, context)
    if sign_up:
        sign_up.delete()


@app.task(
    name=services.ANSWER_LEAVER,
    queue="mail",
    retry=UNTIL_TOMORROW,
    pass_context=True,
)
def answer_leaver(context: JobContext, *, subscriber_id: int | None) -> None:
    """Send a link to unsubscribe to an address that receives our mail, within the limits of `may_write_to`.

    Every request queues this job, without a subscriber if the address is unknown, so that the response takes the same
    time for every address.
    """
    if subscriber_id is None:
        return
    receiving = Subscriber.objects.filter(
        state__in=[SubscriberState.PENDING, SubscriberState.CONFIRMED]
    )
    subscriber = receiving.filter(pk=subscriber_id).first()
    if subscriber and may_write_to(subscriber, Occasion.LEAVING, job_id=context.job.id):
        _send(leaving_mail(subscriber), subscriber, context)


@app.periodic(cron="17 3 * * *")
@app.task(
    name="newsletter.purge_unconfirmed",
    queue="maintenance",
    queueing_lock="newsletter.purge_unconfirmed",
)
def purge_unconfirmed(timestamp: int) -> None:
    """Delete sign-ups that were not confirmed within 30 days."""
    count = services.forget_sign_ups(asked_before=timezone.now() - PURGE_AFTER)
    while purged := services.purge_unconfirmed(signed_up_before=timezone.now() - PURGE_AFTER):
        count += purged
    logger.info("newsletter.purged", extra={"count": count})


@app.periodic(cron="37 2 * * *")
@app.task(
    name="newsletter.forget_former",
    queue="maintenance",
    queueing_lock="newsletter.forget_former",
)
def forget_former(timestamp: int) -> None:
    """Delete former subscribers after `NEWSLETTER_KEEP_FORMER_DAYS`. A keyed hash of each address stays."""
    kept = timedelta(days=settings.NEWSLETTER_KEEP_FORMER_DAYS)
    count = 0
    while forgotten := services.forget_former(ended_before=timezone.now() - kept):
        count += forgotten
    logger.info("newsletter.former_forgotten", extra={"count": count})


def _send(mail: EmailMultiAlternatives, subscriber: Subscriber, context: JobContext) -> None:
    match send_single(mail, job_id=context.job.id):
        case Sent():
            logger.info("newsletter.mail_sent", extra={"subscriber": subscriber.pk})
        case AddressRefused():
            services.suppress(email=subscriber.email, reason=SuppressionReason.BOUNCED)
            logger.warning("newsletter.mail_refused", extra={"subscriber": subscriber.pk})
