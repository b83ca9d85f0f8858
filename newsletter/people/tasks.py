"""What is done about people in the background. Times are UTC."""

import logging

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from core.days import today

from . import reconfirmation
from .imports import services as imports

logger = logging.getLogger(__name__)


@app.task(name=imports.ASK_IMPORTED, queue="mail", pass_context=True)
def ask_imported(context: JobContext, *, import_id: int, after: int) -> None:
    """Have the next of an imported list asked to confirm, and then this job again, until all are."""
    try:
        count = imports.ask_next(import_id=import_id, after=after)
    except AlreadyEnqueued:  # The job was done twice, and its step is done.
        return
    logger.info("newsletter.imported_asked", extra={"import": import_id, "count": count})


@app.periodic(cron="47 * * * *")
@app.task(
    name="newsletter.forget_stale_imports",
    queue="maintenance",
    queueing_lock="newsletter.forget_stale_imports",
)
def forget_stale_imports(timestamp: int) -> None:
    """Erase the files of lists that nobody applied for a day."""
    count = imports.forget_stale_imports(now=timezone.now())
    logger.info("newsletter.stale_imports_forgotten", extra={"count": count})


@app.periodic(cron="7 0 * * *")
@app.task(
    name="newsletter.end_unanswered",
    queue="maintenance",
    queueing_lock="newsletter.end_unanswered",
)
def end_unanswered(timestamp: int) -> None:
    """End the subscriptions of those who were asked whether they want to stay, and did not answer in time."""
    day = today()
    count = 0
    while ended := reconfirmation.end_unanswered(today=day):
        count += ended
    logger.info("newsletter.unanswered_ended", extra={"count": count})
