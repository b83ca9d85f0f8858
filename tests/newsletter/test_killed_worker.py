"""No confirmation mail is lost with a killed worker."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from core.tasks import publish_scheduled
from core.worker import MOST_ATTEMPTS, STALLED_AFTER
from newsletter.services import ANSWER_SIGN_UP
from tests.environment import environment_of_tests
from tests.jobs import run_jobs

from .conftest import SignUp

pytestmark = pytest.mark.chaos

# Sends its mail to a local port.
WORKER = """
import sys
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sys.argv[1])
call_command("procrastinate", "worker")
"""


@pytest.fixture
def silent_mail_server() -> Iterator[socket.socket]:
    """Accept connections and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


def kill_while_sending(server: socket.socket) -> None:
    """Start a worker, and kill it once it has connected to the mail server."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(server.getsockname()[1])],
        cwd=settings.BASE_DIR,
        env=environment_of_tests(),
    )
    try:
        caller, _ = server.accept()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    caller.close()


def execute(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def states(task_name: str) -> list[str]:
    """Return the states of a task's jobs, oldest first."""
    jobs = ProcrastinateJob.objects.filter(task_name=task_name).order_by("pk")
    return [job.status for job in jobs]


def test_mail_of_a_killed_worker_is_sent_by_another(
    transactional_db: None, sign_up: SignUp, mailbox: list[Any], silent_mail_server: socket.socket
) -> None:
    sign_up()
    kill_while_sending(silent_mail_server)
    execute("UPDATE procrastinate_workers SET last_heartbeat = now() + interval '1 hour'")
    run_jobs()
    assert states(ANSWER_SIGN_UP) == ["doing"]  # Its worker still counts as alive.
    assert mailbox == []

    execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '21 seconds'")
    run_jobs()
    assert states(ANSWER_SIGN_UP) == ["succeeded"]
    [mail] = mailbox
    assert mail.to == ["supporter@example.org"]


def test_periodic_job_is_given_up_if_its_next_run_is_queued(transactional_db: None) -> None:
    publish_scheduled.configure().defer(timestamp=0)
    execute("UPDATE procrastinate_jobs SET status = 'doing'")
    publish_scheduled.configure(schedule_in={"hours": 1}).defer(timestamp=60)
    run_jobs()
    assert states(publish_scheduled.name) == ["failed", "todo"]


def test_job_that_kills_every_worker_is_given_up(transactional_db: None) -> None:
    publish_scheduled.configure().defer(timestamp=0)
    execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", MOST_ATTEMPTS)
    run_jobs()
    assert states(publish_scheduled.name)[0] == "failed"


def test_a_killed_worker_is_noticed_within_half_a_minute() -> None:
    """This holds if another worker starts at once after the kill."""
    heartbeat = settings.PROCRASTINATE_WORKER_DEFAULTS["update_heartbeat_interval"]
    assert 2 * heartbeat < STALLED_AFTER, (
        "a worker with one late heartbeat does not count as killed"
    )
    assert STALLED_AFTER + heartbeat < 30
