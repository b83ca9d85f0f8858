"""Template databases, which every process of a test run clones, so that their content is created only once."""

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
# Files that determine the result of migrations and their signals: schema, permissions, content types, triggers.
SCHEMA = (
    "uv.lock",
    "coalition_site/settings/*.py",
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "core/page_cache/triggers.py",
    "tests/template_database.py",
)
# Content may depend on any code and on the data that it reads.
CONTENT = (
    "uv.lock",
    "**/*.py",
    "**/*.csv",
    "**/*.yaml",
    "locale/*/LC_MESSAGES/django.po",
    "tests/content.py",
    "tests/factories.py",
    "tests/indexes.py",
    "tests/template_database.py",
)
IGNORED = {".venv", "node_modules", "var", "tests"}


def clone(database: str, template: str) -> None:
    """Replace `database` by a clone of `template`."""
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {_quoted(database)} TEMPLATE {_quoted(template)}")


def drop(database: str) -> None:
    """Drop `database`, disconnecting its users. Templates are kept for the next run."""
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Connect this process to `database` within the context."""
    before = connection.settings_dict["NAME"]
    connect_to(database)
    try:
        yield
    finally:
        connect_to(before)


def connect_to(database: str) -> None:
    """Connect this process to `database` from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database


def migrated(test_database: str) -> str:
    """Return the name of the template as migrated, which is created unless one matches the code."""
    return _template(test_database, MIGRATED, _digest(SCHEMA), _migrate)


def with_content(
    test_database: str, state: str, make: Callable[[], object], *, base: str | None = None
) -> str:
    """Return the name of the template in which `make` has run after migrations, or on top of the template `base`.

    It is created unless one matches the code and the date, because content contains dates.
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
        # One process of a run creates it while the others wait, for as long as that takes.
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
    # A clone is another database: with this row it would consider itself a restored copy and send no mail.
    DatabaseIdentity.objects.all().delete()


@cache
def _digest(sources: tuple[str, ...], *others: str) -> str:
    """Return twelve characters that change whenever one of the files changes."""
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
