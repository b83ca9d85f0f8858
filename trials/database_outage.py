"""Kills PostgreSQL (SIGKILL), then suspends it (SIGSTOP), a minute each. Nobody may wait, and the site must recover.

Then locks the table of pages for ten seconds, while ten visitors use the search. The database is a server of its own. A
worker runs during the outages and must continue without help.
"""

import http.client
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg

from benchmark.servers import free_port
from benchmark.site import site_settings
from local_site import embedded_database
from tests.own_database import OwnDatabase

from .finding import Finding, percentile
from .running_site import prepare, running_site, running_worker

SECONDS = 60.0
LOCK_SECONDS = 10.0
BOUND = 1.0  # seconds
RECOVERY = 10.0  # seconds
PATIENCE = 120.0
KEPT = ("/", "/where-we-work/africa/")
RENDERED = ("/where-we-work/africa/?uncached", "/search/?q=court", "/tracker/?day=2024-01-01")
FORM = urlencode({"email": "supporter@example.org", "consent": "on"})

Answer = tuple[int, float]  # status (0: no response), seconds


class Visitor(threading.Thread):
    """Sends one request after another until stopped."""

    def __init__(self, port: int, paths: tuple[str, ...], *, form: str = "") -> None:
        super().__init__(daemon=True)
        self._port = port
        self._paths = paths
        self._form = form
        self._stopped = threading.Event()
        self.answers: list[Answer] = []

    def run(self) -> None:
        while not self._stopped.is_set():
            for path in self._paths:
                self.answers.append(ask(self._port, path, form=self._form))
                self._stopped.wait(0.1)

    def stop(self) -> list[Answer]:
        self._stopped.set()
        self.join()
        return self.answers


def run() -> list[Finding]:
    # A path short enough to contain the server's socket, so that its address stays the same.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        cluster = Path(folder) / "data"
        environment = site_settings(embedded_database.start(cluster), port=free_port())
        prepare(environment)
        log = Path(folder) / "worker.log"
        with running_site(environment, Path(folder)) as site:
            with running_worker(environment, log) as worker:
                _fill(site.port)
                findings = _outage(
                    site.port, "killed", lambda: _end(cluster), lambda: _start(cluster)
                )
                until(lambda: _publishes(environment["DATABASE_URL"]))
                _fill(site.port)
                database = OwnDatabase(environment["DATABASE_URL"], _postmaster(cluster))
                findings += _outage(site.port, "suspended", database.suspend, database.resume)
                until(lambda: _publishes(environment["DATABASE_URL"]))
                findings.append(
                    Finding.equal("the worker is the same process", worker.poll(), None)
                )
            # Without the worker, whose writes would empty the page cache.
            findings += _lock(site.port, environment["DATABASE_URL"])
        _end(cluster)
    return findings


def _outage(
    port: int, outage: str, begin: Callable[[], None], end: Callable[[], None]
) -> list[Finding]:
    kept, rendered = Visitor(port, KEPT), Visitor(port, RENDERED)
    forms = Visitor(port, ("/newsletter/",), form=FORM)
    visitors = (kept, rendered, forms)
    for visitor in visitors:
        visitor.start()
    time.sleep(3.0)
    begin()
    time.sleep(SECONDS)
    answers = [visitor.stop() for visitor in visitors]
    end()
    began = time.monotonic()
    until(lambda: ask(port, "/readyz")[0] == 200)
    until(lambda: ask(port, RENDERED[0])[0] == 200)
    recovery = time.monotonic() - began
    after = [ask(port, path) for path in RENDERED * 5]
    of_kept, of_rendered, of_forms = ([seconds for _, seconds in each] for each in answers)
    return [
        Finding.at_most(f"{outage}: kept pages, 99 of 100", percentile(of_kept, 99), 0.1, " s"),
        Finding.at_most(f"  the slowest of {len(of_kept)}", max(of_kept), BOUND, " s"),
        Finding.equal("  other than 200", sum(status != 200 for status, _ in answers[0]), 0),
        Finding.at_most(
            f"{outage}: rendered pages, 99 of 100", percentile(of_rendered, 99), BOUND, " s"
        ),
        Finding.equal(
            "  neither 200 nor 503", sum(status not in {200, 503} for status, _ in answers[1]), 0
        ),
        Finding.at_most(
            f"{outage}: the form to sign up, 99 of 100", percentile(of_forms, 99), BOUND, " s"
        ),
        Finding.at_most("recovery: seconds until pages are rendered", recovery, RECOVERY, " s"),
        Finding.equal("  other than 200 after it", sum(status != 200 for status, _ in after), 0),
    ]


def _lock(port: int, database: str) -> list[Finding]:
    _fill(port)
    searchers = [Visitor(port, ("/search/?q=court",)) for _ in range(10)]
    kept = Visitor(port, KEPT)
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE wagtailcore_page IN ACCESS EXCLUSIVE MODE")
        for visitor in (*searchers, kept):
            visitor.start()
        time.sleep(LOCK_SECONDS)
        answers = kept.stop()
        connection.rollback()
    for visitor in searchers:
        visitor.stop()
    times = [seconds for _, seconds in answers]
    return [
        Finding.at_most("locked: kept pages, 99 of 100", percentile(times, 99), BOUND, " s"),
        Finding.at_most("  the middle one", percentile(times, 50), 0.1, " s"),
        Finding.equal("  other than 200", sum(status != 200 for status, _ in answers), 0),
    ]


def _fill(port: int) -> None:
    """Fill the page cache of every process. Several visitors at once: one alone may always reach the same process."""
    visitors = [Visitor(port, KEPT) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    time.sleep(5.0)
    for visitor in visitors:
        visitor.stop()


def ask(port: int, path: str, *, form: str = "") -> Answer:
    began = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    try:
        client.request("POST" if form else "GET", path, body=form or None, headers=headers)
        answer = client.getresponse()
        answer.read()
        status = answer.status
    except OSError:
        status = 0
    finally:
        client.close()
    return status, time.monotonic() - began


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def _publishes(database: str) -> bool:
    """Return whether the worker ran its one-minute job within the last minute."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_events JOIN procrastinate_jobs job ON job.id = job_id"
            " WHERE type = 'succeeded' AND at > now() - interval '20 seconds'"
        ).fetchone()
    return bool(row and row[0])


def _end(cluster: Path) -> None:
    postmaster = _postmaster(cluster)
    children = postmaster.children(recursive=True)
    postmaster.kill()
    psutil.wait_procs(children, timeout=30)


def _postmaster(cluster: Path) -> psutil.Process:
    found = embedded_database.Cluster(cluster.resolve()).postmaster()
    if found is None:
        raise ProcessLookupError("The database is not there.")
    return psutil.Process(found.pid)


def _start(cluster: Path) -> None:
    """Start the server. The memory of a killed server blocks a new start until the system has released it."""

    def is_started() -> bool:
        try:
            embedded_database.start(cluster)
        except embedded_database.EmbeddedDatabaseError:
            return False
        return True

    until(is_started)
