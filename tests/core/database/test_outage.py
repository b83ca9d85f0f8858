"""The site while its database is gone, and after. Under a real gunicorn, with a pool as in production.

The trial `database_outage` is the long form: it kills the server.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from newsletter.models import Subscriber
from regions.choices import Region
from tests import factories
from tests.conftest import make_home_page
from tests.database_relay import DatabaseRelay
from tests.html import parse
from tests.web_server import WebServer, web_server

SOON = 1.0  # seconds; a hundredth of it is expected
REGION = "/where-we-work/africa/"


@pytest.fixture
def content(transactional_db: None) -> None:
    """A published front page with a region under it."""
    home = make_home_page()
    index = factories.RegionIndexPageFactory.create(parent=home)
    factories.RegionPageFactory.create(parent=index, region=Region.AFRICA)


@pytest.fixture
def relay(content: None) -> Iterator[DatabaseRelay]:
    with DatabaseRelay() as relay:
        yield relay


@pytest.fixture
def server(relay: DatabaseRelay, tmp_path: Path) -> Iterator[WebServer]:
    """A server that keeps the front page and the page of a region."""
    log = tmp_path / "web.log"
    with web_server(log, DATABASE_URL=relay.url, DATABASE_POOL_SIZE="4", WEB_THREADS="4") as server:
        for path in ("/", REGION):
            _until(lambda path=path: server.ask(path).getheader("ETag"))
        assert server.ask(f"{REGION}?uncached").status == 200
        yield server


def _until(is_true: object, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _sign_up(server: WebServer) -> tuple[int, str, float]:
    began = time.monotonic()
    answer = server.ask(
        "/newsletter/",
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(
            {"email": "supporter@example.org", "consent": "on", "topics": "", "regions": ""}
        ),
    )
    return answer.status, answer.read().decode(), time.monotonic() - began


def _ask(server: WebServer, path: str) -> tuple[int, str, float]:
    began = time.monotonic()
    answer = server.ask(path)
    return answer.status, answer.read().decode(errors="replace"), time.monotonic() - began


def test_nobody_waits_for_a_database_that_is_gone(
    server: WebServer, relay: DatabaseRelay, tmp_path: Path
) -> None:
    relay.cut()
    for _ in range(3):
        for path in ("/", REGION, "/healthz", "/static/css/site.css"):
            status, _page, seconds = _ask(server, path)
            assert (path, status) == (path, 200)
            assert seconds < SOON
        for path in (
            f"{REGION}?uncached",
            "/search/?q=court",
            "/readyz",
            "/where-we-work/?uncached",
        ):
            status, page, seconds = _ask(server, path)
            assert (path, status) == (path, 503)
            assert seconds < SOON
        status, page, seconds = _sign_up(server)
        assert status == 503
        assert seconds < SOON
        assert "Your sign-up was not stored" in parse(page).find("main").text
        assert "supporter@example.org" in page  # To be sent again.
    status, page, _seconds = _ask(server, "/ar/search/")
    html = parse(page).find("html")
    assert (status, html["lang"], html["dir"]) == (503, "ar", "rtl")

    relay.restore()
    _until(lambda: _ask(server, f"{REGION}?uncached")[0] == 200)
    assert _ask(server, "/readyz")[0] == 200
    status, page, _seconds = _sign_up(server)
    assert status < 500
    assert not Subscriber.objects.filter(email="supporter@example.org").exists()

    lines = [json.loads(line) for line in (tmp_path / "web.log").read_text().splitlines()]
    events = [line["event"] for line in lines if line["level"] in {"warning", "error"}]
    assert events.count("database.unavailable") == events.count("database.available") == 1


def test_a_lock_on_the_table_of_pages_delays_no_page_that_is_kept(server: WebServer) -> None:
    with ThreadPoolExecutor(10) as visitors, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE wagtailcore_page IN ACCESS EXCLUSIVE MODE")
        until = time.monotonic() + 5.0
        searches = [visitors.submit(_search_until, server, until) for _ in range(10)]
        times = []
        while time.monotonic() < until:
            status, _page, seconds = _ask(server, "/")
            assert status == 200
            times.append(seconds)
            time.sleep(0.02)
        statuses = {status for search in searches for status in search.result()}
    assert max(times) < 2.5
    assert sorted(times)[len(times) // 2] < 0.25
    assert statuses == {503}
    _until(lambda: _ask(server, "/search/?q=court")[0] == 200)


def _search_until(server: WebServer, until: float) -> list[int]:
    statuses = []
    while time.monotonic() < until:
        statuses.append(_ask(server, "/search/?q=court")[0])
        time.sleep(0.1)
    return statuses
