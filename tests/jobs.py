"""Runs background jobs as a worker does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

RunJobs = Callable[[], int]


def run_jobs(concurrency: int = 1) -> None:
    """Run jobs until none is left, `concurrency` of them at a time."""

    def work() -> None:
        connector: DjangoConnector = app.connector  # type: ignore[assignment]
        with app.replace_connector(connector.get_worker_connector()) as worker:
            worker.run_worker(
                concurrency=concurrency,
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
            )

    # After a browser has started, its loop occupies this thread, and the worker needs one of its own.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def jobs_in_this_transaction() -> RunJobs:
    """Return a function that runs the jobs deferred since its last call, in this process, and returns their number."""
    done = 0

    def run() -> int:
        nonlocal done
        rows = list(ProcrastinateJob.objects.filter(pk__gt=done, status="todo").order_by("pk"))
        for row in rows:
            app.tasks[row.task_name](**row.args)
            done = row.pk
        return len(rows)

    return run
