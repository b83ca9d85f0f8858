"""The treatment of an existing database by `make site`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from local_site import preparation
from tests.environment import environment_of_tests

PROJECT = Path(__file__).resolve().parents[2]
DELETE = (
    "import django; django.setup(); from local_site.preparation import delete_everything as d; d()"
)


def test_a_database_of_older_code_is_named_with_the_way_out(db: None) -> None:
    MigrationRecorder(connection).record_applied("regions", "0099_of_older_code")
    with pytest.raises(preparation.OlderDatabaseError, match="make site RESET=1"):
        preparation.prepare()


@pytest.fixture
def site_database(django_db_setup: None) -> Iterator[dict[str, str]]:
    """The environment of a site whose database contains a table."""
    environment = environment_of_tests()
    own = f"{connection.settings_dict['NAME']}_reset"
    address = environment["DATABASE_URL"]
    site = address.replace(f"/{connection.settings_dict['NAME']}?", f"/{own}?")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {own}")
        server.execute(f"CREATE DATABASE {own}")
        with psycopg.connect(site) as database:
            database.execute("CREATE TABLE subscribers ()")
        yield {**environment, "DATABASE_URL": site}
        server.execute(f"DROP DATABASE {own} WITH (FORCE)")


def test_a_reset_leaves_an_empty_database_and_no_uploads(
    site_database: dict[str, str], tmp_path: Path
) -> None:
    upload = tmp_path / "images" / "a.jpg"
    upload.parent.mkdir()
    upload.touch()
    subprocess.run(
        [sys.executable, "-c", DELETE],
        cwd=PROJECT,
        env={**site_database, "MEDIA_ROOT": str(tmp_path)},
        check=True,
    )
    assert not upload.exists()
    with psycopg.connect(site_database["DATABASE_URL"]) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == []
