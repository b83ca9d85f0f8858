"""The rows of the test database, kept in memory, so that tests may commit for real and still leave no trace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from wagtail.models import Page, Site

# Jobs are not content, and filling their tables would fire their triggers.
LEFT_EMPTY = "procrastinate_"
KEPT = {"django_migrations"}

MIGRATED = "migrated"
PAGES_OF_MIGRATIONS = 2  # Wagtail's root and its welcome page.


@dataclass(frozen=True)
class Snapshot:
    """Rows per table, as COPY writes them, and the last value of each sequence (None: never used)."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]

    @classmethod
    def take(cls) -> Self:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = {}
            for table in connection.introspection.table_names(cursor):
                if table in KEPT:
                    continue
                if table.startswith(LEFT_EMPTY):
                    rows[table] = b""
                    continue
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                    rows[table] = b"".join(copy)
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
            )
            return cls(rows, dict(cursor.fetchall()))

    def restore(self) -> None:
        """Put every table back, in one transaction: foreign keys are checked at its end."""
        with transaction.atomic(), connection.cursor() as cursor:
            tables = ", ".join(f'"{table}"' for table in self.rows)
            cursor.execute(f"TRUNCATE {tables}")
            for table, rows in self.rows.items():
                if rows:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(rows)
            for sequence, last_value in self.sequences.items():
                cursor.execute(
                    "SELECT setval(%s::regclass, %s, %s)",
                    [f'"{sequence}"', last_value or 1, last_value is not None],
                )


def next_transaction() -> int:
    """The number that the next writing transaction will get: unchanged means that nobody wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


class DatabaseStates:
    """Brings the test database to a state whose rows are committed, so that other connections see them.

    A state is made once in a session, on top of what migrations left; afterwards it is put back from memory, and
    only if somebody wrote since.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            [name] = cursor.fetchone()
        # Every row is about to be deleted.
        if not name.startswith(TEST_DATABASE_PREFIX):
            pytest.exit(
                f"The database {name} is not one of tests: a test asked for its states before it was made."
            )
        if Page.objects.count() != PAGES_OF_MIGRATIONS:
            pytest.exit(
                "A killed run left rows in the test database: run pytest once with --create-db."
            )
        self._states = {MIGRATED: Snapshot.take()}
        self._held = MIGRATED, next_transaction()

    def hold(self, state: str, make: Callable[[], None]) -> None:
        """Bring the database to `state`, which `make` writes when it is asked for the first time."""
        if state not in self._states:
            self.hold_migrated()
            make()
            self._states[state] = Snapshot.take()
        elif self._held != (state, next_transaction()):
            self._states[state].restore()
        self._held = state, next_transaction()
        # Caches of this process know nothing of it.
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    def hold_migrated(self) -> None:
        """Bring the database to what migrations left, as every other test expects it."""
        self.hold(MIGRATED, lambda: None)
