"""Starts the database, the mailbox, the web server and the worker in either mode, and runs them until stopped."""

import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import embedded_database
from .environment import STAFF_NAME, VAR, build_environment, read_or_make_secrets
from .mailbox import Mailbox
from .processes import Processes


@dataclass(frozen=True)
class Mode:
    settings: str
    commands: Callable[[str], Mapping[str, list[str]]]
    """Takes the address (host:port) to listen on and returns the commands by the name of their process."""
    keeps_logs: bool
    """True if the output of the processes goes to files instead of the terminal."""


def _site_commands(address: str) -> dict[str, list[str]]:
    return {
        "web": [sys.executable, "-m", "gunicorn", "--bind", address, "coalition_site.wsgi"],
        # Jobs have five seconds to finish, less than `processes.GRACE`.
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


MAILBOX_OFFSET = 25  # Added to the site's port for the pages of the mailbox.


class PortTakenError(Exception):
    """Another program uses the port of the site or the mailbox."""


def launch(mode: Mode, *, port: int) -> int:
    """Run the site until it is stopped and return the exit code. Children and database have ended by then."""
    _check_ports(port, port + MAILBOX_OFFSET)
    VAR.mkdir(exist_ok=True)
    logs = VAR / "log" if mode.keeps_logs else None
    if logs:
        logs.mkdir(exist_ok=True)
    kept = read_or_make_secrets(VAR / "site.env")
    database = embedded_database.start(VAR / "postgres")
    with Mailbox(VAR / "mail", port=port + MAILBOX_OFFSET) as mailbox:
        environment = build_environment(
            settings=mode.settings,
            port=port,
            mail_port=mailbox.smtp_port,
            database=database,
            kept=kept,
        )
        processes = Processes(environment)
        processes.stop_on_signals()
        try:
            code = processes.run("preparation", [sys.executable, "-m", "local_site.preparation"])
            if code or processes.stopping.is_set():
                return code
            for name, command in mode.commands(f"127.0.0.1:{port}").items():
                processes.start(name, command, logs=logs)
            outcome = processes.wait(until=lambda: _is_listening(port))
            if outcome is None:
                _announce(port=port, mail_address=mailbox.address, password=kept["STAFF_PASSWORD"])
                outcome = processes.wait()
            if outcome and logs:
                print(f"Their output is in {logs}/", flush=True)  # noqa: T201
            return outcome or 0
        finally:
            processes.stop()


def _check_ports(*ports: int) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTakenError(
                    f"Port {port} cannot be used ({error.strerror}). Choose another: make site PORT=8100"
                ) from error


def _is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _announce(*, port: int, mail_address: str, password: str) -> None:
    address = f"http://127.0.0.1:{port}/"
    print(  # noqa: T201
        "",
        f"  The site         {address}",
        f"  Staff sign in    {address}admin/   name: {STAFF_NAME}   first password: {password}",
        f"  Mail it sends    {mail_address}",
        "",
        "  Ctrl-C stops it.",
        "",
        sep="\n",
        flush=True,
    )
