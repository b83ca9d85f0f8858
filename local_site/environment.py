"""The environment variables and secrets of the processes of the local site."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.fernet import Fernet

from . import embedded_database

VAR = Path(__file__).resolve().parent.parent / "var"
STAFF_NAME = "staff"


def start_database() -> str:
    """Start or join the embedded PostgreSQL of this checkout. Return its `DATABASE_URL`."""
    return database_url(embedded_database.start(VAR / "postgres"))


def read_or_make_secrets(file: Path) -> dict[str, str]:
    """Read the secrets of this checkout from a file that only its owner can read. Missing ones are made."""
    kept = {}
    if file.exists():
        kept = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    new = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        # Older checkouts have no HASH_KEY: SECRET_KEY was used for their hashes.
        "HASH_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "STAFF_PASSWORD": secrets.token_urlsafe(12),
    }
    complete = {**new, **kept}
    if complete != kept:
        _write_secrets(file, complete)
    return complete


def _write_secrets(file: Path, values: Mapping[str, str]) -> None:
    """Replace the file in one step, so that an interrupted start leaves a complete one."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as lines:
        lines.writelines(f"{name}={value}\n" for name, value in values.items())
    unfinished.rename(file)


def build_environment(
    *,
    settings: str,
    port: int,
    mail_port: int,
    database: Mapping[str, Any],
    kept: Mapping[str, str],
) -> dict[str, str]:
    """Return the environment of this process with the variables that the settings need. `kept` holds the secrets."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": kept["SECRET_KEY"],
        "HASH_KEY": kept["HASH_KEY"],
        "ENCRYPTION_KEY": kept["ENCRYPTION_KEY"],
        "STAFF_PASSWORD": kept["STAFF_PASSWORD"],
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database_url(database),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        # The default would use the host of the site, but an IP address is no mail domain.
        "DEFAULT_FROM_EMAIL": "Coalition for the International Criminal Court <news@localhost>",
        "STAFF_MFA_REQUIRED": "false",  # No second factor is needed locally: the printed password is enough.
        "PYTHONUNBUFFERED": "1",  # Show output at once.
    }


def database_url(database: Mapping[str, Any]) -> str:
    """Return the `DATABASE_URL` of a server that listens on a Unix socket; `database` is an entry of `DATABASES`."""
    return (
        f"postgres://{database['USER']}@/{database['NAME']}?host={quote(database['HOST'], safe='')}"
    )
