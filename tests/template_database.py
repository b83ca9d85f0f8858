"""A migrated database that every run of the tests clones, so that it is migrated once, not once a run and process."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from core.models import DatabaseIdentity

# What migrations and their signals write follows from these: schema, permissions, content types and triggers.
SOURCES = (
    "uv.lock",
    "coalition_site/settings/*.py",
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "core/page_cache/triggers.py",
    "tests/template_database.py",
)
IGNORED = {".venv", "node_modules", "var", "tests"}


def clone(test_database: str) -> None:
    """Make `test_database` anew from the template, and the template itself if none fits the code."""
    template = f"{test_database.partition('_gw')[0]}_template_{_digest()}"
    with _maintenance() as cursor:
        # One process of a run migrates while the others wait.
        cursor.execute("SET lock_timeout = 0")  # Migrating takes as long as the machine takes.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        if not _exists(cursor, template):
            _migrate(cursor, template)
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(test_database)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {_quoted(test_database)} TEMPLATE {_quoted(template)}")
        cursor.execute("SELECT pg_advisory_unlock_all()")


def drop(test_database: str) -> None:
    """Remove `test_database`, whoever is connected. The template stays for the next run."""
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(test_database)} WITH (FORCE)")


def _migrate(cursor: CursorWrapper, template: str) -> None:
    """Migrate a new database, name it `template` when it is complete, and drop those of older code."""
    unfinished = f"{template}_unfinished"
    cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(unfinished)} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {_quoted(unfinished)}")
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        # A clone is another database: with this row it would take itself for a restored copy, and send no mail.
        DatabaseIdentity.objects.all().delete()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    older = f"{template.rpartition('_')[0]}_"
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [older])
    for (database,) in cursor.fetchall():
        if database != unfinished:
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(database)} WITH (FORCE)")
    cursor.execute(f"ALTER DATABASE {_quoted(unfinished)} RENAME TO {_quoted(template)}")


def _digest() -> str:
    """Twelve characters that change whenever a file changes from which the migrated database follows."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256()
    found = {path for pattern in SOURCES for path in root.glob(pattern)}
    for path in sorted(found):
        relative = path.relative_to(root)
        if not IGNORED.intersection(relative.parts):
            digest.update(f"{relative}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _maintenance() -> Iterator[CursorWrapper]:
    with connection._nodb_cursor() as cursor:
        yield cursor


def _exists(cursor: CursorWrapper, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def _quoted(database: str) -> str:
    return connection.ops.quote_name(database)
