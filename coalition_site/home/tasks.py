"""What happens to messages and reports after the answer: mail, and the daily deletion."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coalition_site.core.mail import failures_without_addresses

from . import services
from .error_reports import services as error_reports

logger = logging.getLogger(__name__)


@app.task(
    name=services.MAIL_MESSAGE,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=5),  # Up to about a day later.
)
def mail_message(*, message_id: int) -> None:
    """Mail a message of the contact form to the secretariat."""
    with failures_without_addresses():
        services.mail_message(message_id=message_id)


@app.periodic(cron="27 3 * * *")
@app.task(
    name="home.delete_old_messages",
    queue="maintenance",
    queueing_lock="home.delete_old_messages",
)
def delete_old_messages(timestamp: int) -> None:
    """Delete messages after the days that staff set on the contact page."""
    logger.info("contact.deleted", extra={"count": services.delete_old_messages()})


@app.task(
    name=error_reports.MAIL_REPORT,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=5),
)
def mail_error_report(*, report_id: int) -> None:
    """Mail a report of an error to the team of the region."""
    with failures_without_addresses():
        error_reports.mail_report(report_id=report_id)


@app.periodic(cron="47 3 * * *")
@app.task(
    name="home.forget_addresses",
    queue="maintenance",
    queueing_lock="home.forget_addresses",
)
def forget_addresses(timestamp: int) -> None:
    """Forget the addresses of those who reported an error a year ago."""
    logger.info("error_report.forgotten", extra={"count": error_reports.forget_addresses()})
