"""Fixtures of the newsletter's tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

RunJobs = Callable[[], int]
SignUp = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def run_jobs() -> RunJobs:
    """Run the jobs queued since the last call, in this process and transaction; return how many."""
    done = 0

    def run() -> int:
        nonlocal done
        jobs = list(ProcrastinateJob.objects.filter(pk__gt=done, status="todo").order_by("pk"))
        for row in jobs:
            job = row.procrastinate_job
            task = app.tasks[job.task_name]
            context = JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None)
            task(*([context] if task.pass_context else []), **job.task_kwargs)
            done = row.pk
        return len(jobs)

    return run


@pytest.fixture
def sign_up(client: Client) -> SignUp:
    """Send the form as a browser without JavaScript does, each time from another client address."""
    sent = 0

    def send(
        email: str = "supporter@example.org", *, path: str = "/newsletter/", **data: Any
    ) -> Any:
        nonlocal sent
        sent += 1
        return client.post(
            path,
            {"email": email, "consent": "on"} | data,
            REMOTE_ADDR=f"10.0.{sent // 250}.{sent % 250 + 1}",
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    return send


@pytest.fixture
def mailbox() -> list[Any]:
    return mail.outbox
