"""Databases that every run of the tests clones, so that what they hold is made once, not once a run and process."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from core.models import DatabaseIdentity

MIGRATED = "migrated"
# What migrations and their signals write follows from these: schema, permissions, content types and triggers.
SCHEMA = (
    "uv.lock",
    "coalition_site/settings/*.py",
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "core/page_cache/triggers.py",
    "tests/template_database.py",
)
# Content may follow from any code and from the data that it reads.
CONTENT = (
    "uv.lock",
    "**/*.py",
    "**/*.csv",
    "**/*.yaml",
    "locale/*/LC_MESSAGES/django.po",
    "tests/content.py",
    "tests/factories.py",
    "tests/template_database.py",
)
IGNORED = {".venv", "node_modules", "var", "tests"}


def clone(database: str, template: str) -> None:
    """Make `database` anew from `template`."""
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {_quoted(database)} TEMPLATE {_quoted(template)}")


def drop(database: str) -> None:
    """Remove `database`, whoever is connected. The templates stay for the next run."""
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Have every connection that this process opens meanwhile lead to `database`."""
    before = connection.settings_dict["NAME"]
    connect_to(database)
    try:
        yield
    finally:
        connect_to(before)


def connect_to(database: str) -> None:
    """Have every connection that this process opens from now on lead to `database`."""
    connection.close()
    connection.settings_dict["NAME"] = database


def migrated(test_database: str) -> str:
    """Return the name of the template with what migrations leave. Makes it if none fits the code."""
    return _template(test_database, MIGRATED, _digest(SCHEMA), _migrate)


def with_content(
    test_database: str, state: str, make: Callable[[], object], *, base: str | None = None
) -> str:
    """Return the name of the template in which `make` has added to what migrations, or the template `base`, left.

    It is made if none fits the code and the day: content tells of dates.
    """
    template = base or migrated(test_database)
    digest = _digest(CONTENT, f"{dt.date.today()} {template}")
    return _template(test_database, state, digest, make, template)


def _template(
    test_database: str,
    state: str,
    digest: str,
    make: Callable[[], object],
    base: str = "template1",
) -> str:
    prefix = f"{test_database.partition('_gw')[0]}_{state.replace(' ', '_')}_"
    template = prefix + digest
    with _maintenance() as cursor:
        # One process of a run makes it while the others wait, which takes as long as the machine takes.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        if not _exists(cursor, template):
            unfinished = f"{template}_unfinished"
            clone(unfinished, base)
            with connected_to(unfinished):
                make()
            _drop_all(cursor, prefix, unless=unfinished)
            cursor.execute(f"ALTER DATABASE {_quoted(unfinished)} RENAME TO {_quoted(template)}")
        cursor.execute("SELECT pg_advisory_unlock_all()")
    return template


def _drop_all(cursor: CursorWrapper, prefix: str, *, unless: str) -> None:
    """Drop the templates of older code."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    for (database,) in cursor.fetchall():
        if database != unless:
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    # A clone is another database: with this row it would take itself for a restored copy, and send no mail.
    DatabaseIdentity.objects.all().delete()


@cache
def _digest(sources: tuple[str, ...], *others: str) -> str:
    """Twelve characters that change whenever one of the files changes."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(" ".join(others).encode())
    for pattern in sources:
        for path in sorted(_files(root, pattern)):
            digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _files(root: Path, pattern: str) -> Iterator[Path]:
    if not pattern.startswith("**"):
        yield from root.glob(pattern)
        return
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in IGNORED:
            yield from folder.glob(pattern)


@contextmanager
def _maintenance() -> Iterator[CursorWrapper]:
    with connection._nodb_cursor() as cursor:
        yield cursor


def _exists(cursor: CursorWrapper, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def _quoted(database: str) -> str:
    return connection.ops.quote_name(database)
