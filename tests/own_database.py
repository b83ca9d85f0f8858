"""A PostgreSQL server for one test that can be suspended, with a copy of the tests' database."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from local_site import embedded_database
from tests.environment import environment_of_tests


@dataclass(frozen=True)
class OwnDatabase:
    url: str
    postmaster: psutil.Process

    def suspend(self) -> None:
        """Suspend every process of the server: connections open and stay open, but none gets a reply."""
        self.postmaster.suspend()  # The main process first, so that it starts no others.
        for process in self.postmaster.children():
            process.suspend()

    def resume(self) -> None:
        for process in (*self.postmaster.children(), self.postmaster):
            process.resume()


@contextmanager
def own_database() -> Iterator[OwnDatabase]:
    """Copy the tests' database, with all committed data, to a server that stops at the end of the context."""
    # A short path, because the path of the server's socket is limited.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        cluster = embedded_database.Cluster((Path(folder) / "data").resolve())
        settings = embedded_database.start(cluster.directory, is_durable=False)
        where = f"host={quote(settings['HOST'], safe='')}&port={settings['PORT']}"
        url = f"postgres://{settings['USER']}@/{settings['NAME']}?{where}"
        found = cluster.postmaster()
        assert found is not None
        database = OwnDatabase(url, psutil.Process(found.pid))
        try:
            _copy(cluster, url)
            yield database
        finally:
            database.resume()
            children = database.postmaster.children()
            database.postmaster.kill()
            psutil.wait_procs(children, timeout=30)


def _copy(cluster: embedded_database.Cluster, url: str) -> None:
    programs = embedded_database.Server(cluster).installation / "bin"
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", environment_of_tests()["DATABASE_URL"]],
        check=True,
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", url],
        check=True,
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
    )
