"""What the processes of the local site find in their environment."""

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
    """Start or join the embedded PostgreSQL of this checkout; return its address, as `DATABASE_URL` takes it."""
    return database_url(embedded_database.start(VAR / "postgres"))


def read_or_make_secrets(file: Path) -> dict[str, str]:
    """Read the secrets of this checkout from a file that only its owner can read; make those that it lacks."""
    kept = {}
    if file.exists():
        kept = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    new = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        # Until this setting had a value of its own, SECRET_KEY keyed the hashes of a checkout.
        "HASH_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "STAFF_PASSWORD": secrets.token_urlsafe(12),
    }
    complete = {**new, **kept}
    if complete != kept:
        _write_secrets(file, complete)
    return complete


def _write_secrets(file: Path, values: Mapping[str, str]) -> None:
    """Replace the file in one step: a start that is interrupted leaves the old one or the new one."""
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
    """The environment of this process, and in it what the settings need. `kept` holds the secrets."""
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
        # The default is made of the host, and a number is no mail domain.
        "DEFAULT_FROM_EMAIL": "Coalition for the International Criminal Court <news@localhost>",
        "STAFF_MFA_REQUIRED": "false",  # The password that is printed is enough for a first look.
        "PYTHONUNBUFFERED": "1",  # What a process prints is seen when it prints it.
    }


def database_url(database: Mapping[str, Any]) -> str:
    """The address of a server that listens on a socket; `database` is an entry of `DATABASES`."""
    return (
        f"postgres://{database['USER']}@/{database['NAME']}?host={quote(database['HOST'], safe='')}"
    )
