"""Tests never touch the rows of a database that is not a test database."""

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.snapshots import DatabaseStates


def test_only_a_test_database_is_emptied(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "postgres")
        try:
            with pytest.raises(pytest.exit.Exception, match="postgres is not one of tests"):
                DatabaseStates()
        finally:
            connection.close()
