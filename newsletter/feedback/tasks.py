"""Jobs that follow reports of mail servers and providers."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from newsletter.delivery.outcomes import SUPPRESS_REFUSED

from . import services

logger = logging.getLogger(__name__)


@app.periodic(cron="27 3 * * *")
@app.task(
    name="newsletter.forget_events",
    queue="maintenance",
    queueing_lock="newsletter.forget_events",
)
def forget_events(timestamp: int) -> None:
    """Delete events that are 400 days old."""
    logger.info("newsletter.events_forgotten", extra={"count": services.forget_events()})


@app.task(name=SUPPRESS_REFUSED, queue="maintenance", retry=RetryStrategy(max_attempts=5, wait=30))
def suppress_refused(*, mailing_id: int) -> None:
    """Suppress the addresses of a mailing for which the mail server reported that they do not exist."""
    services.suppress_refused(mailing_id=mailing_id)
