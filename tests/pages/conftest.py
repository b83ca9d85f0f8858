"""The site with its content, as the browser tests visit it."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.content import hold_content
from tests.snapshots import DatabaseStates


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        hold_content(database_states)
        yield
