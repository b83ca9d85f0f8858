"""The embedded PostgreSQL, used by processes that start, end and are killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local_site.embedded_database import Cluster

pytestmark = pytest.mark.chaos

PROJECT = Path(__file__).resolve().parents[2]

# Joins the server, prints its address, and stays until its input is closed.
USER = """
import signal
import sys
from pathlib import Path
import psycopg
from local_site import embedded_database
signal.signal(signal.SIGINT, signal.SIG_DFL)  # A shell's background jobs are started without it.
database = embedded_database.start(Path(sys.argv[1]))
options = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
with psycopg.connect(dbname=database["NAME"], **options) as connection:
    assert connection.execute("SELECT 'Z' < 'a' AND upper('\u00e9') = '\u00c9'").fetchone()[0]
    assert connection.execute("SELECT to_tsvector('simple', '\u00abd\u2019Ivoire\u00bb') @@ 'ivoire'").fetchone()[0]
print(database["HOST"], flush=True)
"""
FSYNC = """
import sys
from pathlib import Path
import psycopg
from local_site import embedded_database
database = embedded_database.start(Path(sys.argv[1]), is_durable=sys.argv[2] == "durable")
options = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
with psycopg.connect(dbname=database["NAME"], **options) as connection:
    print(connection.execute("SHOW fsync").fetchone()[0])
"""
STAY = "sys.stdin.read()"
FORK_AND_STAY = """
import os
if os.fork() == 0:
    sys.exit()
os.wait()
sys.stdin.read()
"""

FAILING_KEEPER = """
import sys
from pathlib import Path
from local_site import embedded_database
embedded_database.Server.run = lambda server: 1 / 0
embedded_database.keep(embedded_database.Cluster(Path(sys.argv[1])))
"""

StartUser = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_user(folder: Path) -> Iterator[StartUser]:
    """Starts processes that use the server of a directory, and checks that no server is left running.

    It depends on `folder`, so that servers and their keepers have ended before their folder is removed.
    """
    users: list[subprocess.Popen[str]] = []
    directories: list[Path] = []

    def start(directory: Path, then: str = STAY, **options: object) -> subprocess.Popen[str]:
        user = subprocess.Popen(
            [sys.executable, "-c", USER + then, str(directory)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,  # type: ignore[call-overload]
        )
        users.append(user)
        directories.append(directory)
        return user

    yield start
    for user in users:
        user.kill()
        user.communicate()
    assert wait_until(lambda: not any(map(server_of, directories))), "a server was left behind"
    assert wait_until(lambda: not any(map(keeper_of, directories))), "a keeper was left behind"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder outside pytest's, which another run of pytest would make inaccessible to the server's account."""
    with tempfile.TemporaryDirectory(prefix="embedded-") as folder:
        yield Path(folder)


@pytest.fixture
def directory(folder: Path) -> Path:
    return folder / "postgres"


def socket_of(user: subprocess.Popen[str]) -> str:
    assert user.stdout
    line = user.stdout.readline().strip()
    assert line, user.stderr and user.stderr.read()
    return line


def leave(user: subprocess.Popen[str]) -> None:
    _, errors = user.communicate()
    assert user.returncode == 0, errors


def server_of(directory: Path) -> psutil.Process | None:
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and str(directory) in (process.info["cmdline"] or []):
            return process
    return None


def keeper_of(directory: Path) -> psutil.Process | None:
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if str(directory) in command and any(
            part.endswith("embedded_database.py") for part in command
        ):
            return process
    return None


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_the_server_is_shared_and_stops_with_the_last_user(
    start_user: StartUser, directory: Path
) -> None:
    first, second = start_user(directory), start_user(directory)  # Both at the same time.
    assert socket_of(first) == socket_of(second)
    leave(first)
    time.sleep(1)
    assert server_of(directory)
    leave(second)
    assert wait_until(lambda: server_of(directory) is None)
    assert wait_until(lambda: keeper_of(directory) is None)


def test_killed_users_are_not_waited_for(start_user: StartUser, directory: Path) -> None:
    users = [start_user(directory), start_user(directory)]
    for user in users:
        socket_of(user)
        user.kill()
    assert wait_until(lambda: server_of(directory) is None)
    again = start_user(directory)
    assert socket_of(again)
    leave(again)


def test_a_fork_that_ends_leaves_the_server_to_its_parent(
    start_user: StartUser, directory: Path
) -> None:
    user = start_user(directory, FORK_AND_STAY)
    socket_of(user)
    time.sleep(1)
    assert server_of(directory)
    leave(user)


def test_interrupting_the_terminal_does_not_reach_the_server(
    start_user: StartUser, directory: Path
) -> None:
    user = start_user(directory, "signal.pause()", start_new_session=True)
    other = start_user(directory)
    socket_of(user), socket_of(other)
    os.killpg(user.pid, signal.SIGINT)
    user.wait()
    time.sleep(1)
    assert server_of(directory)


def test_a_killed_server_is_replaced(start_user: StartUser, directory: Path) -> None:
    user = start_user(directory)
    socket_of(user)
    server = server_of(directory)
    assert server
    server.kill()
    again = start_user(directory)
    assert socket_of(again)


def test_a_killed_keeper_is_replaced_by_the_next_user(
    start_user: StartUser, directory: Path
) -> None:
    user = start_user(directory)
    socket_of(user)
    keeper = keeper_of(directory)
    assert keeper
    keeper.kill()
    assert wait_until(lambda: keeper_of(directory) is None)
    leave(user)
    assert server_of(directory), "nobody was left to stop it"
    again = start_user(directory)
    socket_of(again)
    leave(again)


def test_a_pid_file_that_names_another_program_is_ignored(
    start_user: StartUser, directory: Path
) -> None:
    user = start_user(directory)
    socket = socket_of(user)
    lines = (directory / "postmaster.pid").read_text().splitlines()
    leave(user)
    assert wait_until(lambda: server_of(directory) is None)
    lines[0] = str(os.getpid())
    (directory / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert socket_of(start_user(directory)) == socket


@pytest.mark.parametrize("written", ["", "{pid}", "{pid}\n{directory}\n", "{pid}\n" * 7])
def test_an_incomplete_pid_file_names_no_server(directory: Path, written: str) -> None:
    directory.mkdir()
    (directory / "postmaster.pid").write_text(written.format(pid=os.getpid(), directory=directory))
    assert Cluster(directory).postmaster() is None


def test_a_keeper_that_fails_does_not_count_as_running(directory: Path) -> None:
    keeper = subprocess.run(
        [sys.executable, "-c", FAILING_KEEPER, str(directory)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert keeper.returncode != 0
    assert "ZeroDivisionError" in keeper.stderr
    assert "EmbeddedDatabaseError" in keeper.stderr


@pytest.mark.parametrize("name", ["with a space", "with, comma", "long" * 30])
def test_any_path_is_accepted(start_user: StartUser, folder: Path, name: str) -> None:
    directory = folder / name / "postgres"
    user = start_user(directory)
    socket_directory = Path(socket_of(user))
    leave(user)
    assert wait_until(lambda: keeper_of(directory) is None)
    assert socket_directory == directory or not socket_directory.exists()


def test_two_checkouts_have_two_servers(start_user: StartUser, folder: Path) -> None:
    directories = [folder / name / "postgres" for name in ("one", "two")]
    users = [start_user(directory) for directory in directories]
    assert [socket_of(user) for user in users] == [str(directory) for directory in directories]
    leave(users[0])
    assert wait_until(lambda: server_of(directories[0]) is None)
    assert server_of(directories[1])
    leave(users[1])
    assert wait_until(lambda: server_of(directories[1]) is None)


def test_data_of_another_version_are_refused_with_advice(
    start_user: StartUser, directory: Path
) -> None:
    user = start_user(directory)
    socket_of(user)
    leave(user)
    assert wait_until(lambda: keeper_of(directory) is None)
    (directory / "PG_VERSION").write_text("15\n")
    _, errors = start_user(directory).communicate()
    assert f"{directory} holds data of PostgreSQL 15, and this checkout brings 18." in errors


def test_a_data_directory_that_was_half_made_is_made_again(
    start_user: StartUser, directory: Path
) -> None:
    unfinished = directory.with_name("postgres.new")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert socket_of(start_user(directory))


def test_a_folder_that_cannot_be_made_is_named(start_user: StartUser, directory: Path) -> None:
    directory.with_name("postgres.new").write_text("a file, where the data are to be made")
    _, errors = start_user(directory).communicate()
    assert "The embedded PostgreSQL cannot be started" in errors
    assert "postgres.new" in errors


@pytest.mark.parametrize(("kind", "fsync"), [("durable", "on"), ("volatile", "off")])
def test_only_a_server_of_tests_may_lose_data_in_a_power_cut(
    directory: Path, kind: str, fsync: str
) -> None:
    command = [sys.executable, "-c", FSYNC, str(directory), kind]
    process = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert process.stdout == f"{fsync}\n"
    assert wait_until(lambda: server_of(directory) is None)
