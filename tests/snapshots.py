"""The rows of the test database, kept in memory, so that tests may commit for real and still leave no trace."""

import fcntl
import itertools
import pickle
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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


class DatabaseStates:
    """Brings the test database to a state whose rows are committed, so that other connections see them.

    A state is made once in a run of tests, by whichever of its processes first needs it, and kept in `folder` for
    the others. Afterwards only what somebody wrote to since is put back.
    """

    def __init__(self, folder: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            [name] = cursor.fetchone()
        # Every row is about to be deleted.
        if not name.startswith(TEST_DATABASE_PREFIX):
            pytest.exit(
                f"The database {name} is not one of tests: a test asked for its states before it was made."
            )
        if Page.objects.count() != PAGES_OF_MIGRATIONS:
            pytest.exit("A test left rows in the database before its states were taken.")
        self._folder = folder
        self._states = {MIGRATED: Snapshot.take()}
        self._held, self._marks = MIGRATED, marks()

    def hold(self, state: str, make: Callable[[], object]) -> None:
        """Bring the database to `state`, which `make` writes when it is asked for the first time.

        `make` begins with what migrations left, and may begin with holding another state.
        """
        if state not in self._states:
            self._find(state, make)
        wanted, held = self._states[state], self._states[self._held]
        now = marks()
        stale = {
            table
            for table, rows in wanted.rows.items()
            if now[table] != self._marks[table] or rows != held.rows[table]
        }
        if stale:
            wanted.restore(stale)
            now = marks()
        self._held, self._marks = state, now
        # Caches of this process know nothing of it.
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    def hold_migrated(self) -> None:
        """Bring the database to what migrations left, as every other test expects it."""
        self.hold(MIGRATED, lambda: None)

    def _find(self, state: str, make: Callable[[], object]) -> None:
        file = self._folder / f"{state}.pickle"
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if file.exists():
                self._states[state] = pickle.loads(file.read_bytes())  # noqa: S301 - written below.
                return
            self.hold_migrated()
            make()
            made = self._states[state] = Snapshot.take()
            made.restore([table for table in made.rows if table.startswith(LEFT_EMPTY)])
            self._held, self._marks = state, marks()
            file.write_bytes(pickle.dumps(made))
