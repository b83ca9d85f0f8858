"""The circuit breaker in isolation, the responses during an outage, and the timeouts of processes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.log import log_response

from core.database.breaker import CircuitBreaker
from core.database.gate import WithoutOutages, server_error
from tests.environment import environment_of_tests
from tests.html import parse


class Database:
    """A database that can be switched off."""

    def __init__(self) -> None:
        self.is_gone = False
        self.asked = 0

    def ask(self) -> None:
        self.asked += 1
        if self.is_gone:
            raise psycopg.OperationalError


def _until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_failure_that_is_not_the_databases_opens_nothing() -> None:
    database, opened = Database(), []
    breaker = CircuitBreaker(database.ask, lambda: opened.append(1))
    breaker.suspect()
    _until(lambda: database.asked == 1)
    assert not breaker.is_open
    assert opened == []


def test_it_opens_once_and_closes_on_its_own() -> None:
    database, opened = Database(), []
    database.is_gone = True
    breaker = CircuitBreaker(database.ask, lambda: opened.append(1))
    for _ in range(5):
        breaker.suspect()
    _until(lambda: breaker.is_open)
    _until(lambda: database.asked >= 2)
    database.is_gone = False
    _until(lambda: not breaker.is_open)
    assert opened == [1]
    database.is_gone = True
    breaker.suspect()
    _until(lambda: breaker.is_open)
    database.is_gone = False
    _until(lambda: not breaker.is_open)
    assert opened == [1, 1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What you sent has not been saved."),
        ("fr", "n’a pas été enregistré"),
        ("es", "no se ha guardado"),
        ("ar", "لم يُحفظ"),
    ],
)
def test_the_503_page_says_that_the_post_was_not_saved(
    language: str, words: str, rf: RequestFactory
) -> None:
    """This test has no access to the database: a query would fail it."""
    with translation.override(language):
        try:
            raise OperationalError("canceling statement due to lock timeout")  # noqa: TRY301
        except OperationalError:
            response = server_error(rf.post("/"))
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Cache-Control"] == "no-store"
    html = parse(response.content.decode()).find("html")
    assert html["lang"] == language
    assert words in html.find("main").text
    assert html.find("link")["href"] == "/static/css/site.css"


def test_any_other_error_is_an_error(rf: RequestFactory) -> None:
    try:
        raise ValueError  # noqa: TRY301
    except ValueError:
        assert server_error(rf.get("/")).status_code == 500


def test_requests_of_an_outage_write_no_error_of_their_own(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    for status in (503, 500):
        log_response("%s: %s", "", "/", request=rf.get("/"), response=HttpResponse(status=status))
    unavailable, broken = caplog.records
    assert not WithoutOutages().filter(unavailable)
    assert WithoutOutages().filter(broken)


@pytest.mark.parametrize(
    ("environment", "statement", "lock"),
    [
        ({}, "10min", "1min"),
        ({"DATABASE_TIMEOUTS": "web"}, "15s", "3s"),
        (
            {
                "DATABASE_TIMEOUTS": "web",
                "DATABASE_STATEMENT_TIMEOUT": "2.5",
                "DATABASE_LOCK_TIMEOUT": "0",
            },
            "2500ms",
            "0",
        ),
    ],
)
def test_web_processes_wait_less_than_others(
    environment: dict[str, str], statement: str, lock: str, django_db_setup: None
) -> None:
    code = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    print(json.dumps(cursor.fetchone()))
"""
    known = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_T")}
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**known, **environment_of_tests(), **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(process.stdout.splitlines()[-1]) == [statement, lock]
