"""Jobs of error reports: mail to the team, and the daily removal of old addresses."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from core.jobs import failures_without_addresses

from . import services

logger = logging.getLogger(__name__)


@app.task(
    name=services.MAIL_REPORT,
    queue="mail",
    retry=RetryStrategy(max_attempts=8, exponential_wait=5),
)
def mail_report(*, report_id: int) -> None:
    """Mail an error report to the team of the region."""
    with failures_without_addresses():
        services.mail_report(report_id=report_id)


@app.periodic(cron="47 3 * * *")
@app.task(
    name="error_reports.forget_addresses",
    queue="maintenance",
    queueing_lock="error_reports.forget_addresses",
)
def forget_addresses(timestamp: int) -> None:
    """Erase the reply addresses of reports older than a year."""
    logger.info("error_report.forgotten", extra={"count": services.forget_addresses()})
