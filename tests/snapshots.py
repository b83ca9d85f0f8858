"""The rows of the test database, kept in memory, so that tests may commit for real and still leave no trace."""

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

from . import template_database
from .template_database import MIGRATED

# Jobs are not content, and filling their tables would fire their triggers.
LEFT_EMPTY = "procrastinate_"
KEPT = {"django_migrations"}

PAGES_OF_MIGRATIONS = 2  # Wagtail's root and its welcome page.

_millions = itertools.count(1)

Mark = tuple[int, int]


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

    def restore(self, tables: Collection[str]) -> None:
        """Put `tables` and all sequences back, in one transaction: foreign keys are checked at its end."""
        emptied = [table for table in self.rows if table.startswith(LEFT_EMPTY)]
        filled = [table for table in tables if not table.startswith(LEFT_EMPTY)]
        with transaction.atomic(), connection.cursor() as cursor:
            # Their foreign keys are not put off, so they go together.
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
    """At once: sequences belong to no transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I', name)::regclass, coalesce(value, 1), value IS NOT NULL)"
            " FROM unnest(%s::text[], %s::bigint[]) AS sequence (name, value)",
            [list(values), list(values.values())],
        )


@dataclass(frozen=True)
class Addition:
    """What making something adds to the tables, to be added again to any number of tests in no time."""

    rows: dict[str, bytes]

    @classmethod
    def of(cls, prepare: Callable[[], object], make: Callable[[], object]) -> Self:
        """What `make` adds to what `prepare` leaves. Nothing of either stays.

        The rows have numbers to which no sequence comes, so they may be added whatever a test made before. Rows that
        `make` changes, as those above new pages, are left to who adds them.
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
    """The first column of a row as COPY writes it, by which Django's tables are told apart."""
    return line.rstrip(b"\n").partition(b"\t")[0]


@contextmanager
def _without_triggers(tables: Collection[str]) -> Iterator[None]:
    """Lets rows of `tables` be replaced that triggers protect, or that triggers would add others to."""
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
        # A table with checks to come can't be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE TRIGGER USER")


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def marks() -> dict[str, Mark]:
    """What tells for each table whether it was written to: how many rows it has, and the sum of who wrote them.

    A row that was written again, or takes the place of another, has a writer of a higher number. Other databases
    of the server, those of tests at the same time, change nothing.
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
    """What `make` writes after migrations, or on top of another state."""

    name: str
    make: Callable[[], object]
    base: "State | None" = None


@dataclass
class _Held:
    """A database of this process in a state: the rows of the state, and how its tables were marked with only those."""

    database: str
    rows: Snapshot
    marks: dict[str, Mark]


class DatabaseStates:
    """Brings the tests to a database in a state whose rows are committed, so that other connections see them.

    Each state has a database of its own, cloned from a template. Afterwards only what somebody wrote to is put back.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            [self._name] = cursor.fetchone()
        # Every row is about to be deleted.
        if not self._name.startswith(TEST_DATABASE_PREFIX):
            pytest.exit(
                f"The database {self._name} is not one of tests: a test asked for its states before it was made."
            )
        if Page.objects.count() != PAGES_OF_MIGRATIONS:
            pytest.exit("A test left rows in the database before its states were taken.")
        self._held = {MIGRATED: _Held(self._name, Snapshot.take(), marks())}
        self._is_as_migrated = True

    def hold(self, name: str, make: Callable[[], object], *, base: "State | None" = None) -> None:
        """Bring the tests to a database in the state `name`, which `make` writes if no template holds it yet."""
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
        """Bring the tests to what migrations left."""
        self.hold(MIGRATED, lambda: None)

    def end(self) -> None:
        """Go back to what migrations left, as every test expects it that asks for no state."""
        if not self._is_as_migrated:
            self.hold_migrated()
            self._is_as_migrated = True

    def drop(self) -> None:
        """Go back, and remove the databases of the other states."""
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
            state.make()
            with connection.cursor() as cursor:
                tables = connection.introspection.table_names(cursor)
                jobs = [_quoted(table) for table in tables if table.startswith(LEFT_EMPTY)]
                cursor.execute(f"TRUNCATE {', '.join(jobs)}")

        base = self._template(state.base) if state.base else None
        return template_database.with_content(self._name, state.name, make, base=base)


def _forget() -> None:
    """Clear what this process remembers of the database that it was connected to."""
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
