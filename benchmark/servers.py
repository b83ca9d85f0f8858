"""Runs the measured servers, each under gunicorn with the settings of `gunicorn.conf.py`."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from .load import BenchmarkError

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds in which a server must answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(
    application: str, *, folder: Path, log: Path, port: int, environment: Mapping[str, str]
) -> Iterator[str]:
    """Run `application` (module:name) from `folder`, and yield the server's address."""
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - gunicorn, with our own arguments.
            [
                sys.executable,
                "-m",
                "gunicorn",
                f"--config={PROJECT / 'gunicorn.conf.py'}",
                f"--bind=127.0.0.1:{port}",
                f"--chdir={folder}",
                "--max-requests=0",
                application,
            ],
            # The folder comes first, because the yardstick has apps with the same names as the site's.
            cwd=folder,
            env={**environment, "PYTHONPATH": f"{folder}:{PROJECT}"},
            stdout=output,
            stderr=output,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_answering(f"{address}/", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _wait_until_answering(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
                return
        except urllib.error.HTTPError as error:
            raise BenchmarkError(
                f"{url} answers {error.code}:\n{log.read_text()[-3_000:]}"
            ) from error
        except OSError:
            time.sleep(0.1)
    raise BenchmarkError(f"{url} does not answer:\n{log.read_text()[-3_000:]}")
