"""The two ways to run the site on one machine: their settings and their processes."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    settings: str
    commands: Callable[[str], Mapping[str, list[str]]]
    """The processes by name, given the address (host:port) to listen on."""
    keeps_logs: bool
    """Whether what they print goes to files, not to the terminal."""


def _site_commands(address: str) -> dict[str, list[str]]:
    return {
        "web": [sys.executable, "-m", "gunicorn", "--bind", address, "coalition_site.wsgi"],
        # Told after five seconds to stop in the midst of an issue: `processes.GRACE` is longer.
        "worker": [
            *(sys.executable, "manage.py", "procrastinate", "worker"),
            *("--concurrency=4", "--shutdown-graceful-timeout=5"),
        ],
    }


def _dev_commands(address: str) -> dict[str, list[str]]:
    return {
        "web": [sys.executable, "manage.py", "runserver", address],
        "worker": [sys.executable, "-m", "local_site.reloading_worker"],
    }


MODES = {
    "site": Mode("coalition_site.settings.production", _site_commands, keeps_logs=True),
    "dev": Mode("coalition_site.settings.development", _dev_commands, keeps_logs=False),
}
