"""Runs the site as deployed, on a database of its own, for the duration of a trial."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmark.servers import PROJECT, free_port, serve
from benchmark.site import site_settings, throwaway_database
from local_site import embedded_database

WORKER = [
    *(sys.executable, "manage.py", "procrastinate", "worker"),
    *("--concurrency=4", "--shutdown-graceful-timeout=5"),
]


@dataclass(frozen=True)
class RunningSite:
    """The port at which the site responds, the environment of its processes, and the folder with their logs."""

    port: int
    environment: Mapping[str, str]
    folder: Path


@contextlib.contextmanager
def prepared_environment(**changed: str) -> Iterator[tuple[dict[str, str], Path]]:
    """Yield the environment of a database with the demo content, and a folder. Removes both at the end.

    `changed` are environment variables that differ from those of `make site`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="trial-") as folder,
        throwaway_database(embedded_database.start(PROJECT / "var" / "postgres")) as database,
    ):
        environment = site_settings(database, port=free_port()) | changed
        prepare(environment)
        yield environment, Path(folder)


def prepare(environment: Mapping[str, str]) -> None:
    """Migrate the database of `environment`, load the demo content and collect static files."""
    subprocess.run(
        [sys.executable, "-m", "local_site.preparation"],
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def running_site(environment: Mapping[str, str], folder: Path) -> Iterator[RunningSite]:
    """Run gunicorn with the project's configuration at the port of `SITE_URL` until the end of the context."""
    port = urlsplit(environment["SITE_URL"]).port or 80
    log = folder / "web.log"
    with serve("coalition_site.wsgi", folder=PROJECT, log=log, port=port, environment=environment):
        yield RunningSite(port, environment, folder)


@contextlib.contextmanager
def running_worker(
    environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker as deployed until the end of the context. It may be killed before that."""
    with log.open("ab") as output:
        worker = subprocess.Popen(
            WORKER, cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(30)
