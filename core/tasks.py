"""Jobs of core: periodic ones, mail to staff about their accounts, and translations. Times are in UTC."""

import logging
from typing import Any

from django.core.management import call_command
from procrastinate import JobContext, RetryStrategy
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

from .jobs import failures_without_addresses
from .mail_hold import services as mail_hold
from .sign_in import notices
from .translations import services as translations

logger = logging.getLogger(__name__)

DAYS_OF_JOBS = 14
AFTER_MAIL = -10


@app.task(
    name=notices.SEND_PASSWORD_RESET,
    queue="mail",
    retry=RetryStrategy(
        max_attempts=6, exponential_wait=5
    ),  # The last attempt is about an hour later.
)
def send_password_reset(**arguments: Any) -> None:
    """Mail a user the link to set a new password."""
    with failures_without_addresses():
        notices.send_password_reset(**arguments)


@app.task(
    name=notices.SEND_NOTICE,
    queue="mail",
    retry=RetryStrategy(
        max_attempts=8, exponential_wait=5
    ),  # The last attempt is about a day later.
)
def send_account_notice(**arguments: Any) -> None:
    """Mail users about a change of their accounts."""
    with failures_without_addresses():
        notices.send_notice(**arguments)


# One at a time, because two could give new pages the same place in the tree. Mail to individuals has priority.
@app.task(
    name=translations.TRANSLATE_PAGE,
    lock=translations.TRANSLATE_PAGE,
    priority=AFTER_MAIL,
    retry=RetryStrategy(max_attempts=4, exponential_wait=5),
)
def translate_page(**arguments: Any) -> None:
    """Translate one of the pages below a page whose translation a user requested."""
    translations.translate_page(**arguments)


# With the queueing lock, one run catches up after an hour without workers, not sixty.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish and unpublish what editors scheduled."""
    call_command("publish_scheduled")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_mail_hold")
def watch_mail_hold(timestamp: int) -> None:
    """Log an error while mail is on hold, so that monitoring notices."""
    if mail_hold.is_held():
        number = sum(mail_hold.waiting_jobs().values())
        logger.error("mail.held", extra={"jobs": number})


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete expired sessions."""
    call_command("clearsessions")


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="clear_jobs", pass_context=True)
async def clear_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that ended a fortnight ago."""
    await remove_old_jobs(
        context,
        max_hours=DAYS_OF_JOBS * 24,
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
