"""Connections to a slow or silent server, and the processes that use them."""

import math
import time
from typing import Any

import psycopg
import pytest

from coalition_site.settings.database import configure
from core.database.breaker import (
    SilentDatabaseError,
    WebConnection,
    answered_within,
    breaker,
    plain_parameters,
)


def connect(patience: float) -> WebConnection:
    return answered_within(patience).connect(**plain_parameters())


def test_a_statement_is_given_up_although_the_database_answers_others(
    django_db_setup: None,
) -> None:
    with connect(1.0) as connection:
        began = time.monotonic()
        with pytest.raises(SilentDatabaseError):
            connection.execute("SELECT pg_sleep(30)")
        assert time.monotonic() - began < 10.0
        assert connection.closed
    assert not breaker.is_open


def test_a_slow_answer_is_waited_for_while_the_database_is_there(django_db_setup: None) -> None:
    with connect(math.inf) as connection:
        assert connection.execute("SELECT 1 FROM pg_sleep(2.5)").fetchone() == (1,)
        rows = connection.execute("SELECT repeat('x', 10000) FROM generate_series(1, 1000)")
        assert len(rows.fetchall()) == 1_000
    assert not breaker.is_open


def test_nobody_waits_for_an_answer_once_the_database_is_gone(
    django_db_setup: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(math.inf) as connection:
        monkeypatch.setattr(type(breaker), "is_open", True)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(30)")


@pytest.mark.parametrize(
    ("environment", "patience"),
    [
        ({"DATABASE_TIMEOUTS": "web"}, 20.0),
        ({"DATABASE_TIMEOUTS": "web", "DATABASE_STATEMENT_TIMEOUT": "2.5"}, 7.5),
        ({"DATABASE_TIMEOUTS": "web", "DATABASE_STATEMENT_TIMEOUT": "0"}, math.inf),
        ({"DATABASE_TIMEOUTS": "jobs"}, None),
    ],
)
def test_only_web_processes_give_up(
    environment: dict[str, str], patience: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_STATEMENT_TIMEOUT", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    database: dict[str, Any] = {}
    configure(database, pool_size=1)
    connection_class = database["OPTIONS"]["pool"].get("connection_class")
    assert getattr(connection_class, "patience", None) == patience
