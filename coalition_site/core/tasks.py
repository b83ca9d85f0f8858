"""Work that is done by the clock. Times are UTC."""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

DAYS_OF_JOBS = 14


# The queueing lock: where no worker ran for an hour, one run catches up, not sixty.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish and withdraw what editors scheduled."""
    call_command("publish_scheduled")


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Forget the sessions that have ended."""
    call_command("clearsessions")


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="clear_jobs", pass_context=True)
async def clear_jobs(context: JobContext, timestamp: int) -> None:
    """Forget the jobs that ended a fortnight ago."""
    await remove_old_jobs(
        context,
        max_hours=DAYS_OF_JOBS * 24,
        remove_failed=True,
        remove_cancelled=True,
        remove_aborted=True,
    )
