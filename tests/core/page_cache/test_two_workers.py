"""Two servers, each a separate gunicorn process, on one database."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from core.models import User
from home.models import HomePage
from regions.models import RegionPage
from tests.web_server import WebServer, web_server

from .conftest import eventually

pytestmark = pytest.mark.chaos

CSRF = "a" * 32


@pytest.fixture
def workers(home: HomePage, tmp_path: Path) -> Iterator[list[WebServer]]:
    """Two servers that respond."""
    with ExitStack() as stack:
        logs = (tmp_path / "first.log", tmp_path / "second.log")
        yield [stack.enter_context(web_server(log)) for log in logs]


def _is_kept(worker: WebServer, path: str) -> bool:
    """Return whether the page is cached. It then has an ETag, as does the response from which it was stored."""
    return worker.ask(path).getheader("ETag") is not None


def test_an_edit_published_through_one_worker_is_served_by_the_other_within_a_second(
    workers: list[WebServer], home: HomePage, region: RegionPage, staff_client: Client
) -> None:
    publishing, serving = workers
    path = region.url
    assert eventually(lambda: all(_is_kept(worker, path) for worker in workers), seconds=20)
    region.title = "Words of today"
    region.save_revision()
    for worker in workers:  # Drafts are not visible anywhere.
        assert "Words of today" not in worker.page(path)

    answer = publishing.ask(
        f"/admin/bulk/wagtailcore/page/publish/?id={region.pk}&next=/admin/",
        method="POST",
        headers={
            "Cookie": f"sessionid={staff_client.cookies['sessionid'].value}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body="include_descendants=",
    )
    published = time.monotonic()
    assert answer.status == 302

    assert eventually(lambda: "Words of today" in serving.page(path), seconds=1.0)
    assert time.monotonic() - published < 1.0
    assert "Words of today" in publishing.page(path)


def test_a_change_by_sql_is_notified_at_its_commit_and_not_before(
    workers: list[WebServer], home: HomePage, superuser: User
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
