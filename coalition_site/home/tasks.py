"""What happens to messages and reports after the answer: mail, and the daily deletion."""

import logging
from smtplib import SMTPException

from anymail.exceptions import AnymailError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import services
from .error_reports import services as error_reports

logger = logging.getLogger(__name__)


class MailNotSentError(Exception):
    """Sending failed; the job is tried again. Says what failed without an address, as logs must."""


@app.task(
    name=services.MAIL_MESSAGE,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=5),  # Up to about a day later.
)
def mail_message(*, message_id: int) -> None:
    """Mail a message of the contact form to the secretariat."""
    try:
        services.mail_message(message_id=message_id)
    # Their words quote addresses, or the whole message.
    except (SMTPException, AnymailError, OSError) as error:
        raise MailNotSentError(type(error).__name__) from None


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
    try:
        error_reports.mail_report(report_id=report_id)
    except (SMTPException, AnymailError, OSError) as error:
        raise MailNotSentError(type(error).__name__) from None


@app.periodic(cron="47 3 * * *")
@app.task(
    name="home.forget_addresses",
    queue="maintenance",
    queueing_lock="home.forget_addresses",
)
def forget_addresses(timestamp: int) -> None:
    """Forget the addresses of those who reported an error a year ago."""
    logger.info("error_report.forgotten", extra={"count": error_reports.forget_addresses()})
