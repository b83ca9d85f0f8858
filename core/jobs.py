"""How a job is put into the queue: by the name of its task, in the transaction of what it is about.

By name, so that a service need not import the task that calls it. The job is a row of that transaction: both are
stored, or neither is.
"""

import math
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def defer(task: str, *, at: datetime | None = None, **arguments: Any) -> None:
    """Queue a job, to be done soon or at a time."""
    app.configure_task(task, schedule_at=at).defer(**arguments)


def defer_once(
    task: str, *, key: str, lock: str | None = None, wait: float = 0, **arguments: Any
) -> bool:
    """Queue a job unless one with the same key waits. Return whether it was queued.

    `lock` lets only one job of that lock run at a time; `wait` is the least number of seconds until the job starts.
    """
    job = app.configure_task(
        task,
        lock=lock,
        queueing_lock=key,
        schedule_in={"seconds": math.ceil(wait)} if wait else None,
    )
    try:
        # A transaction of its own: the refusal is an error of the database and would spoil the caller's.
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
