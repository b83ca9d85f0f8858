"""Prepares the database, the content and the static files. Repeats only the steps whose input has changed."""

import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .environment import STAFF_NAME


class OlderDatabaseError(Exception):
    """The database was made by migrations that this code no longer has."""


def prepare(*, reset: bool = False) -> None:
    """Bring database, content and static files up to date; with `reset`, delete database and uploads first.

    Raises OlderDatabaseError.
    """
    if reset:
        delete_everything()
    _migrate()
    _load_content()
    _make_staff()
    if not settings.DEBUG:
        _collect_static_files()


def delete_everything() -> None:
    """Empty the database and delete the uploaded files."""
    print("Deleting the database and the uploaded files ...", flush=True)  # noqa: T201
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if _is_made_by_older_code(executor):
        raise OlderDatabaseError(
            "The database in var/postgres was made by an older version of this code, whose migrations have been "
            "replaced.\nStart anew with: make site RESET=1\nThat deletes its content, its subscribers and the "
            "uploaded files."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database ...", flush=True)  # noqa: T201
        call_command("migrate", verbosity=0)
    if isinstance(caches["default"], DatabaseCache):
        call_command("createcachetable", verbosity=0)


def _is_made_by_older_code(executor: MigrationExecutor) -> bool:
    """Return whether the database has a migration of this project's apps that the code does not have."""
    project = Path(settings.BASE_DIR)
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).parent == project}
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    return any(label in ours for label, _name in unknown)


def _load_content() -> None:
    try:
        call_command("load_demo_content")
    except CommandError as error:  # The site has other content, which stays as it is.
        print(error)  # noqa: T201


def _make_staff() -> None:
    """Create a superuser, unless there is one already."""
    users = get_user_model().objects
    if not users.filter(is_superuser=True).exists():
        users.create_superuser(STAFF_NAME, f"{STAFF_NAME}@localhost", os.environ["STAFF_PASSWORD"])


def _collect_static_files() -> None:
    fingerprint = _fingerprint()
    record = Path(settings.STATIC_ROOT) / "fingerprint"
    if record.exists() and record.read_text() == fingerprint:
        return
    print("Collecting static files ...", flush=True)  # noqa: T201
    call_command("collectstatic", interactive=False, verbosity=0)
    record.write_text(fingerprint)


def _fingerprint() -> str:
    """Return a digest of the names, sizes and times of all static files, and of the tools that process them."""
    digest = hashlib.sha256()
    for line in [*sorted(_describe_files()), str(settings.STORAGES["staticfiles"])]:
        digest.update(line.encode())
    for package in ("django", "whitenoise", "brotli"):
        digest.update(version(package).encode())
    return digest.hexdigest()


def _describe_files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            yield f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n"


if __name__ == "__main__":
    django.setup()
    logging.disable(
        logging.INFO
    )  # The terminal shows the steps of the preparation, not their logs.
    try:
        prepare(reset=os.environ.get("RESET") == "1")
    except OlderDatabaseError as error:
        sys.exit(str(error))
