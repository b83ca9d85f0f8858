"""A worker whose database goes away and comes back."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from core.tasks import clear_sessions
from tests.database_relay import DatabaseRelay
from tests.environment import environment_of_tests

pytestmark = pytest.mark.chaos

PATIENCE = 100.0  # seconds; a tenth is expected


@pytest.fixture
def relay(transactional_db: None) -> Iterator[DatabaseRelay]:
    with DatabaseRelay() as relay:
        yield relay


@contextmanager
def worker(
    relay: DatabaseRelay, log: Path, **environment: str
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency=2"],
            cwd=settings.BASE_DIR,
            env={**environment_of_tests(), "DATABASE_URL": relay.url, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(is_true: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, log.read_text()[-3_000:]
        time.sleep(0.1)


def is_done(job: int) -> bool:
    return ProcrastinateJob.objects.filter(pk=job, status="succeeded").exists()


def defer() -> int:
    return clear_sessions.configure(queueing_lock=None).defer(timestamp=0)


def test_a_worker_goes_on_when_its_database_is_back(relay: DatabaseRelay, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with worker(relay, log) as process:
        first = defer()
        until(lambda: is_done(first), log)
        relay.cut()
        until(lambda: "worker.database_lost" in log.read_text(), log)
        second = defer()
        relay.restore()
        until(lambda: is_done(second), log)
        assert process.poll() is None
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_worker_ends_with_an_error_when_its_database_stays_away(
    relay: DatabaseRelay, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    with worker(relay, log, WORKER_PATIENCE="1") as process:
        job = defer()
        until(lambda: is_done(job), log)
        relay.cut()
        assert process.wait(PATIENCE) == 1


def test_a_worker_may_be_started_before_its_database(relay: DatabaseRelay, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    relay.cut()
    with worker(relay, log) as process:
        time.sleep(5)
        job = defer()
        relay.restore()
        until(lambda: is_done(job), log)
        assert process.poll() is None
