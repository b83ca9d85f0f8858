"""What the tests of the front page's app share."""

from collections.abc import Callable

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

RunJobs = Callable[[], int]


@pytest.fixture
def run_jobs() -> RunJobs:
    """Runs the jobs deferred since the last call, in this process and transaction; gives how many."""
    done = 0

    def run() -> int:
        nonlocal done
        rows = list(ProcrastinateJob.objects.filter(pk__gt=done, status="todo").order_by("pk"))
        for row in rows:
            app.tasks[row.task_name](**row.args)
            done = row.pk
        return len(rows)

    return run
