"""Two servers, each a process of its own under gunicorn, on one database."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from coalition_site.core.models import User
from coalition_site.home.models import HomePage
from regions.models import RegionPage
from tests.environment import environment_of_tests

from .conftest import eventually

CSRF = "a" * 32


@dataclass
class Worker:
    """A server and what it says on its address."""

    process: subprocess.Popen[bytes]
    port: int

    def ask(
        self, path: str, *, method: str = "GET", session: str = "", body: str = ""
    ) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": "testserver"}
        if session:
            headers["Cookie"] = f"sessionid={session}; csrftoken={CSRF}"
            headers["X-CSRFToken"] = CSRF
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        client.request(method, path, body=body, headers=headers)
        return client.getresponse()

    def page(self, path: str) -> str:
        return self.ask(path).read().decode()

    def is_up(self) -> bool:
        assert self.process.poll() is None, "The server ended before it answered."
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[int], Worker]]:
    started: list[Worker] = []

    def start(port: int) -> Worker:
        log = (tmp_path / f"{port}.log").open("wb")
        process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "gunicorn", "--workers=1", f"--bind=127.0.0.1:{port}"),
                "coalition_site.wsgi",
            ],
            cwd=settings.BASE_DIR,
            env={**environment_of_tests(), "PAGE_CACHE_MAX_BYTES": "1000000"},
            stdout=log,
            stderr=log,
        )
        started.append(Worker(process, port))
        return started[-1]

    yield start
    for worker in started:
        worker.process.terminate()
    for worker in started:
        worker.process.wait(30)


@pytest.fixture
def workers(
    home: HomePage, start_worker: Callable[[int], Worker], unused_ports: list[int]
) -> list[Worker]:
    """Two workers that answer."""
    both = [start_worker(port) for port in unused_ports]
    assert eventually(lambda: all(worker.is_up() for worker in both), seconds=60)
    return both


@pytest.fixture
def unused_ports() -> list[int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return [one.getsockname()[1], two.getsockname()[1]]


def _is_kept(worker: Worker, path: str) -> bool:
    """A page that is kept carries an ETag, and so does the answer that put it there."""
    return worker.ask(path).getheader("ETag") is not None


def test_an_edit_published_through_one_worker_is_served_by_the_other_within_a_second(
    workers: list[Worker], home: HomePage, region: RegionPage, staff_client: Client
) -> None:
    publishing, serving = workers
    path = region.url
    assert eventually(lambda: all(_is_kept(worker, path) for worker in workers), seconds=20)
    region.title = "Words of today"
    region.save_revision()
    for worker in workers:  # A draft shows nowhere.
        assert "Words of today" not in worker.page(path)

    answer = publishing.ask(
        f"/admin/bulk/wagtailcore/page/publish/?id={region.pk}&next=/admin/",
        method="POST",
        session=staff_client.cookies["sessionid"].value,
        body="include_descendants=",
    )
    published = time.monotonic()
    assert answer.status == 302

    assert eventually(lambda: "Words of today" in serving.page(path), seconds=1.0)
    assert time.monotonic() - published < 1.0
    assert "Words of today" in publishing.page(path)


def test_a_change_by_hand_is_told_at_its_commit_and_not_before(
    workers: list[Worker], home: HomePage, superuser: User
) -> None:
    worker = workers[0]
    assert eventually(lambda: _is_kept(worker, "/"), seconds=20)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "UPDATE wagtailcore_page SET title = 'Written by hand' WHERE id = %s", [home.pk]
        )
        assert "Written by hand" not in worker.page("/")
        cursor.execute("COMMIT")
    assert eventually(lambda: "Written by hand" in worker.page("/"), seconds=1.0)
