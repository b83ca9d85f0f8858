"""The launcher: database, mailbox, preparation, then the web server and the worker until told to stop."""

import socket
import sys

from . import embedded_database
from .environment import STAFF_NAME, VAR, build_environment, read_or_make_secrets
from .mailbox import Mailbox
from .modes import Mode
from .processes import Processes

MAILBOX_OFFSET = 25  # The page of the mailbox listens at the site's port and this.


class PortTakenError(Exception):
    """Another program listens where the site should."""


def launch(mode: Mode, *, port: int) -> int:
    """Run the site until it is told to stop. Gives the exit code; children and database are gone by then."""
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
                print(f"What they said is in {logs}/", flush=True)  # noqa: T201
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
                    f"Port {port} of this machine can't be used ({error.strerror}). Choose another: make site PORT=8100"
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
