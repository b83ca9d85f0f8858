"""Health checks, for those who monitor the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings


@contextmanager
def _database_gone() -> Iterator[None]:
    error = OperationalError("password of site@database.internal is wrong")
    with patch.object(connection, "cursor", side_effect=error):
        yield


def test_process_answers_without_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_ask_by_address_and_without_tls(
    path: str, client: Client, settings: Settings, db: None
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": "10.1.2.3:8000"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_ready_when_everything_answers(client: Client, db: None) -> None:
    assert client.get("/readyz").json() == {"status": "ok"}


def test_not_ready_without_the_database_and_says_no_secret(client: Client, db: None) -> None:
    with _database_gone():
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "problems": {"database": "no answer"}}


def test_not_ready_without_the_shared_cache(client: Client, db: None) -> None:
    with patch("core.health.cache.get", return_value=None):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["problems"] == {"cache": "does not store values"}


def test_checks_at_the_same_time_do_not_disturb_each_other(client: Client, db: None) -> None:
    """The second check begins between the write and the read of the first."""
    ask, read = Client(), cache.get
    statuses: list[int] = []

    def read_late(key: str) -> object:
        if not statuses:
            statuses.append(0)
            statuses[0] = ask.get("/readyz").status_code
        return read(key)

    with patch("core.health.cache.get", side_effect=read_late):
        statuses.append(client.get("/readyz").status_code)
    assert statuses == [200, 200]


def test_a_check_leaves_nothing_in_the_cache(client: Client, db: None) -> None:
    with patch.object(cache, "set", wraps=cache.set) as kept:
        client.get("/readyz")
    (call,) = kept.call_args_list
    assert cache.get(call.args[0]) is None


def test_not_ready_before_migrations_are_applied(client: Client, db: None) -> None:
    latest = MigrationRecorder.Migration.objects.filter(app="home").order_by("-pk")[0]
    latest.delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["problems"] == {"migrations": "1 not applied"}
    latest.save()
    assert client.get("/readyz").status_code == 200
