"""Offers the record that comes with the site."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from home.demo_content.loading import load_record
from tests.snapshots import DatabaseStates


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database with the site's own record, imported once and restored after each test that changed it."""
    with django_db_blocker.unblock():
        database_states.hold("record", load_record)
        yield
