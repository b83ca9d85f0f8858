"""The site while its database is gone, and afterwards. Under a real gunicorn, with a pool as in production.

The trial `database_outage` is the long version and kills the server. `test_silence` suspends one.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from newsletter.models import Subscriber
from record.choices import Region
from tests import factories
from tests.conftest import make_home_page
from tests.database_relay import DatabaseRelay
from tests.html import parse
from tests.web_server import WebServer, web_server

from .visits import ask, sign_up, until

pytestmark = pytest.mark.chaos

SOON = 1.0  # seconds; a hundredth is expected
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
    """A server whose cache holds the front page and the page of a region."""
    log = tmp_path / "web.log"
    with web_server(log, DATABASE_URL=relay.url, DATABASE_POOL_SIZE="4", WEB_THREADS="4") as server:
        for path in ("/", REGION):
            until(partial(_is_kept, server, path))
        assert server.ask(f"{REGION}?uncached").status == 200
        yield server


def _is_kept(server: WebServer, path: str) -> bool:
    return server.ask(path).getheader("ETag") is not None


def test_nobody_waits_for_a_database_that_is_gone(
    server: WebServer, relay: DatabaseRelay, tmp_path: Path
) -> None:
    relay.cut()
    for _ in range(3):
        for path in ("/", REGION, "/healthz", "/static/css/site.css"):
            status, _page, seconds = ask(server, path)
            assert (path, status) == (path, 200)
            assert seconds < SOON
        for path in (
            f"{REGION}?uncached",
            "/search/?q=court",
            "/readyz",
            "/where-we-work/?uncached",
        ):
            status, page, seconds = ask(server, path)
            assert (path, status) == (path, 503)
            assert seconds < SOON
        status, page, seconds = sign_up(server, "supporter@example.org", topics="")
        assert status == 503
        assert seconds < SOON
        assert "Your sign-up was not saved" in parse(page).find("main").text
        assert "supporter@example.org" in page  # To be sent again.
    status, page, _seconds = ask(server, "/ar/search/")
    html = parse(page).find("html")
    assert (status, html["lang"], html["dir"]) == (503, "ar", "rtl")

    relay.restore()
    until(lambda: ask(server, f"{REGION}?uncached")[0] == 200)
    assert ask(server, "/readyz")[0] == 200
    status, page, _seconds = sign_up(server, "supporter@example.org", topics="")
    assert status < 500
    assert not Subscriber.objects.filter(email="supporter@example.org").exists()

    lines = [json.loads(line) for line in (tmp_path / "web.log").read_text().splitlines()]
    events = [line["event"] for line in lines if line["level"] in {"warning", "error"}]
    assert events.count("database.unavailable") == events.count("database.available") == 1


def test_a_lock_on_the_table_of_pages_delays_no_page_that_is_kept(server: WebServer) -> None:
    with ThreadPoolExecutor(10) as visitors, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE wagtailcore_page IN ACCESS EXCLUSIVE MODE")
        end = time.monotonic() + 5.0
        searches = [visitors.submit(_search_until, server, end) for _ in range(10)]
        times = []
        while time.monotonic() < end:
            status, _page, seconds = ask(server, "/")
            assert status == 200
            times.append(seconds)
            time.sleep(0.02)
        statuses = {status for search in searches for status in search.result()}
    assert max(times) < 2.5
    assert sorted(times)[len(times) // 2] < 0.25
    assert statuses == {503}
    until(lambda: ask(server, "/search/?q=court")[0] == 200)


def _search_until(server: WebServer, end: float) -> list[int]:
    statuses = []
    while time.monotonic() < end:
        statuses.append(ask(server, "/search/?q=court")[0])
        time.sleep(0.1)
    return statuses
