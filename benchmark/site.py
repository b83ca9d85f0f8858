"""Sets up the site with production settings, on a database of its own in this checkout's embedded server."""

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from local_site.environment import build_environment

from .servers import free_port


@contextlib.contextmanager
def throwaway_database(server: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Create an empty database on `server` (an entry of `DATABASES`), yield its entry, and drop it at the end."""
    name = f"benchmark_{secrets.token_hex(4)}"
    with psycopg.connect(
        host=server["HOST"],
        port=server["PORT"],
        user=server["USER"],
        dbname=server["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {**server, "NAME": name}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def site_settings(
    database: Mapping[str, Any], *, port: int, mail_port: int | None = None
) -> dict[str, str]:
    """Return the environment of a site at `port` that sends mail to `mail_port`, by default a port without a server."""
    return build_environment(
        settings="coalition_site.settings.production",
        port=port,
        mail_port=mail_port or free_port(),
        database=database,
        kept={
            "ENCRYPTION_KEY": Fernet.generate_key().decode(),
            **{
                name: secrets.token_urlsafe(50)
                for name in ("SECRET_KEY", "HASH_KEY", "STAFF_PASSWORD")
            },
        },
    )
