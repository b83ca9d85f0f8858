"""Keeps the rows of the test database in memory, so that tests may commit and their changes are reverted."""

import itertools
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from wagtail.models import Page, Site

from . import indexes, template_database
from .template_database import MIGRATED

# Jobs are not content, and restoring their tables would fire triggers.
LEFT_EMPTY = "procrastinate_"
KEPT = {"django_migrations"}

PAGES_OF_MIGRATIONS = 2  # The root page and Wagtail's welcome page.

_millions = itertools.count(1)

Mark = tuple[int, int]


@dataclass(frozen=True)
class Snapshot:
    """The rows of each table in the format of COPY, and the last value of each sequence (None if never used)."""

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

    def restore(self, tables: Collection[str]) -> None:
        """Restore `tables` and all sequences in one transaction. Foreign keys are checked at its end."""
        emptied = [table for table in self.rows if table.startswith(LEFT_EMPTY)]
        filled = [table for table in tables if not table.startswith(LEFT_EMPTY)]
        with transaction.atomic(), connection.cursor() as cursor:
            # Their foreign keys are not deferrable, so they are emptied together.
            if len(filled) < len(tables):
                cursor.execute(f"TRUNCATE {', '.join(map(_quoted, emptied))}")
            with _without_triggers(filled):
                for table in filled:
                    cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - a table of ours.
                for table in filled:
                    if self.rows[table]:
                        with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copy:
                            copy.write(self.rows[table])
        _set_sequences(self.sequences)


def _set_sequences(values: dict[str, int | None]) -> None:
    """Set the sequences. This takes effect at once and is not part of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I', name)::regclass, coalesce(value, 1), value IS NOT NULL)"
            " FROM unnest(%s::text[], %s::bigint[]) AS sequence (name, value)",
            [list(values), list(values.values())],
        )


@dataclass(frozen=True)
class Addition:
    """The rows that a function adds to the tables, which can be added again to the database of any number of tests."""

    rows: dict[str, bytes]

    @classmethod
    def of(cls, prepare: Callable[[], object], make: Callable[[], object]) -> Self:
        """Return the rows that `make` adds after `prepare` has run. The changes of both are rolled back.

        The rows have primary keys that no sequence reaches, so they can be added whatever rows a test has created. Rows
        that `make` changes, such as the parents of new pages, are not included: the caller must update them.
        """
        with transaction.atomic():
            prepare()
            before = Snapshot.take()
            own = next(_millions) * 1_000_000
            _set_sequences(dict.fromkeys(before.sequences, own))
            try:
                make()
                after = Snapshot.take()
            finally:
                _set_sequences(before.sequences)
            transaction.set_rollback(True)
        Site.clear_site_root_paths_cache()
        added = {}
        for table, rows in after.rows.items():
            known = {_key(line) for line in before.rows[table].splitlines()}
            added[table] = b"".join(
                line for line in rows.splitlines(keepends=True) if _key(line) not in known
            )
        return cls({table: rows for table, rows in added.items() if rows})

    def add(self) -> None:
        with connection.cursor() as cursor:
            for table, rows in self.rows.items():
                with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copy:
                    copy.write(rows)


def _key(line: bytes) -> bytes:
    """Return the first column of a row in the format of COPY. It is the primary key of Django's tables."""
    return line.rstrip(b"\n").partition(b"\t")[0]


@contextmanager
def _without_triggers(tables: Collection[str]) -> Iterator[None]:
    """Disable triggers on `tables` while rows are replaced: some refuse changes, and some would add rows elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY (%s)",
            [list(tables)],
        )
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {_quoted(table)} DISABLE TRIGGER USER")
        yield
        # A table with pending constraint checks cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE TRIGGER USER")


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def marks() -> dict[str, Mark]:
    """Return a mark for each table that changes with every write to it: its number of rows, and the sum of `xmin`.

    A row that is updated or replaced has a higher `xmin`, the id of the transaction that wrote it. Writes to other
    databases of the server, as by concurrent tests, do not affect the marks.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{table}', count(*), coalesce(sum(xmin::text::bigint), 0)::bigint"  # noqa: S608 - ours.
                f" FROM {_quoted(table)})"
                for table in tables
                if table not in KEPT
            )
        )
        return {table: (count, writers) for table, count, writers in cursor.fetchall()}


@dataclass(frozen=True)
class State:
    """The state of a database after `make` has run on the migrated database or on the state `base`."""

    name: str
    make: Callable[[], object]
    base: "State | None" = None


@dataclass
class _Held:
    """A database of this process in a state: its rows, and the marks of its tables while they hold only those rows."""

    database: str
    rows: Snapshot
    marks: dict[str, Mark]


class DatabaseStates:
    """Switches the tests to a database in a state whose rows are committed, so that other connections see them.

    Each state has a database of its own, cloned from a template. Only tables that were written to are restored.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            [self._name] = cursor.fetchone()
        # Safeguard: tests delete every row of this database.
        if not self._name.startswith(TEST_DATABASE_PREFIX):
            pytest.exit(
                f"The database {self._name} is not one of tests: a test asked for its states before it was made."
            )
        if Page.objects.count() != PAGES_OF_MIGRATIONS:
            pytest.exit("A test left rows in the database before its states were taken.")
        self._held = {MIGRATED: _Held(self._name, Snapshot.take(), marks())}
        self._is_as_migrated = True

    def hold(self, name: str, make: Callable[[], object], *, base: "State | None" = None) -> None:
        """Switch the tests to a database in the state `name`. Calls `make` if there is no template of it yet."""
        self._is_as_migrated = False
        if name not in self._held:
            self._held[name] = self._clone(State(name, make, base))
        held = self._held[name]
        if connection.settings_dict["NAME"] != held.database:
            template_database.connect_to(held.database)
        now = marks()
        if stale := {table for table in held.rows.rows if now[table] != held.marks[table]}:
            held.rows.restore(stale)
            held.marks = marks()
        _forget()

    def hold_migrated(self) -> None:
        """Switch the tests to the database as migrated."""
        self.hold(MIGRATED, lambda: None)

    def end(self) -> None:
        """Switch back to the migrated database, which every test expects that requests no state."""
        if not self._is_as_migrated:
            self.hold_migrated()
            self._is_as_migrated = True

    def drop(self) -> None:
        """Switch back to the migrated database, and drop those of other states."""
        self.end()
        for state, held in self._held.items():
            if state != MIGRATED:
                template_database.drop(held.database)

    def _clone(self, state: State) -> _Held:
        database = f"{self._name}_{state.name.replace(' ', '_')}"
        template_database.clone(database, self._template(state))
        template_database.connect_to(database)
        return _Held(database, Snapshot.take(), marks())

    def _template(self, state: State) -> str:
        def make() -> None:
            _forget()
            with indexes.updated():
                state.make()
            with connection.cursor() as cursor:
                tables = connection.introspection.table_names(cursor)
                jobs = [_quoted(table) for table in tables if table.startswith(LEFT_EMPTY)]
                cursor.execute(f"TRUNCATE {', '.join(jobs)}")

        base = self._template(state.base) if state.base else None
        return template_database.with_content(self._name, state.name, make, base=base)


def _forget() -> None:
    """Clear caches of this process that refer to the previous database."""
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
