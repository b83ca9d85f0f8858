"""The jobs that send: one a lane, each of which has itself done again as long as there is something to send."""

from django.conf import settings
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

from core.jobs import defer_once

from .slices import run_slice

SEND = "newsletter.send"
SLICE_SECONDS = 20.0
# Mails to one person, and timed work, go first.
PRIORITY = -10
REST_AFTER_MISTAKE = 10.0  # seconds

# A lane that rests until a late retry is not left to rest when a mailing starts.
WAKE = """
    UPDATE procrastinate_jobs SET scheduled_at = NULL
    WHERE status = 'todo' AND queueing_lock = %s AND scheduled_at > now()
"""


def ensure_lanes() -> None:
    """Have what is to be sent be sent, soon and by as many workers as there are lanes. Harmless when it is already."""
    for number in range(settings.NEWSLETTER_LANES):
        if not _defer(number):
            with connection.cursor() as cursor:
                cursor.execute(WAKE, [_lock(number)])


@app.task(name=SEND, queue="newsletter", priority=PRIORITY, pass_context=True)
def send(context: JobContext, *, lane: int) -> None:
    """One lane's turn. It has its next turn itself put into the queue, whatever happens in this one."""
    try:
        rest = run_slice(seconds=SLICE_SECONDS, is_stopping=context.should_abort)
    except Exception:
        connection.close()  # It may be why.
        _defer(lane, rest=REST_AFTER_MISTAKE)
        raise
    if rest is None:
        return
    if rest == 0:
        _defer(lane)
    elif lane == 0:  # One is enough to look again later.
        _defer(lane, rest=rest)


def _defer(lane: int, *, rest: float = 0) -> bool:
    """Put a turn of the lane into the queue. Tells whether it was not there."""
    return defer_once(SEND, lock=_lock(lane), key=_lock(lane), wait=rest, lane=lane)


def _lock(lane: int) -> str:
    return f"newsletter.lane.{lane}"
