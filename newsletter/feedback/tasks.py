"""What is done by the clock with what providers told."""

import logging

from procrastinate.contrib.django import app

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
