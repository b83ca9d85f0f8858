"""Jobs for imports and reconfirmation. Times are UTC."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from core.days import today

from . import reconfirmation
from .imports import services as imports

logger = logging.getLogger(__name__)


@app.task(name=imports.REQUEST_CONFIRMATIONS, queue="mail")
def request_confirmations(*, import_id: int, after: int) -> None:
    """Queue confirmation mails to the next people of an imported list, and this job again until all are queued."""
    count = imports.request_confirmations(import_id=import_id, after=after)
    logger.info("newsletter.confirmations_requested", extra={"import": import_id, "count": count})


@app.periodic(cron="47 * * * *")
@app.task(
    name="newsletter.forget_stale_imports",
    queue="maintenance",
    queueing_lock="newsletter.forget_stale_imports",
)
def forget_stale_imports(timestamp: int) -> None:
    """Erase the files of lists that were not applied within a day."""
    count = imports.forget_stale_imports(now=timezone.now())
    logger.info("newsletter.stale_imports_forgotten", extra={"count": count})


@app.periodic(cron="7 0 * * *")
@app.task(
    name="newsletter.end_unanswered",
    queue="maintenance",
    queueing_lock="newsletter.end_unanswered",
)
def end_unanswered(timestamp: int) -> None:
    """Unsubscribe people who did not answer a reconfirmation in time."""
    day = today()
    count = 0
    while ended := reconfirmation.end_unanswered(today=day):
        count += ended
    logger.info("newsletter.unanswered_ended", extra={"count": count})
