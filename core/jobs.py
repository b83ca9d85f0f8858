"""Jobs: queued by the name of their task, in the transaction that they belong to, and with errors fit for logs.

The name spares a service from importing the task that calls it. A job is a row of the caller's transaction: both are
stored, or neither is.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from anymail.exceptions import AnymailError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

# The queues whose jobs send mail. Every task that sends mail belongs in one of them: while mail is held, they wait.
MAIL_QUEUES = frozenset({"mail", "newsletter"})


def defer(task: str, *, at: datetime | None = None, **arguments: Any) -> None:
    """Queue a job, to run as soon as a worker is free or at the time `at`."""
    app.configure_task(task, schedule_at=at).defer(**arguments)


def defer_each(task: str, arguments: Iterable[Mapping[str, Any]], *, interval: float) -> None:
    """Queue a job for each set of arguments, `interval` seconds apart, in one statement."""
    now = timezone.now()
    app.job_manager.batch_defer_jobs(
        [
            app.configure_task(
                task, schedule_at=now + timedelta(seconds=number * interval)
            ).make_new_job(**job)
            for number, job in enumerate(arguments)
        ]
    )


def defer_once(
    task: str, *, key: str, lock: str | None = None, wait: float = 0, **arguments: Any
) -> bool:
    """Queue a job unless one with the same key is waiting. Return whether it was queued.

    Jobs with the same `lock` run one at a time. `wait` is the least number of seconds before the job starts.
    """
    job = app.configure_task(
        task,
        lock=lock,
        queueing_lock=key,
        schedule_in={"seconds": math.ceil(wait)} if wait else None,
    )
    try:
        # A savepoint, because the refusal is a database error, which would break the caller's transaction.
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


class MailNotSentError(Exception):
    """Sending failed and the job is retried. The message names the kind of error only, since logs hold no addresses."""


@contextmanager
def failures_without_addresses() -> Iterator[None]:
    """Turn errors of mail servers and providers into MailNotSentError: their texts quote addresses or the mail."""
    try:
        yield
    except (SMTPException, AnymailError, OSError) as error:
        raise MailNotSentError(type(error).__name__) from None
