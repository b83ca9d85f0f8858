"""Runs the site under gunicorn, as a process of its own on the tests' database."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from benchmark.servers import free_port

from .environment import environment_of_tests

PATIENCE = 60.0  # seconds in which a server must respond


@dataclass(frozen=True)
class WebServer:
    """A server that responds on a port of this machine."""

    process: "subprocess.Popen[bytes]"
    port: int

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
    ) -> http.client.HTTPResponse:
        """Send one request over a new connection; return the response with its body unread."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request(method, path, body=body, headers={"Host": "testserver", **(headers or {})})
        return client.getresponse()

    def page(self, path: str) -> str:
        return self.ask(path).read().decode()

    def is_up(self) -> bool:
        assert self.process.poll() is None, "The server ended before it answered."
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False


@contextmanager
def web_server(log: Path, *arguments: str, **environment: str) -> Iterator[WebServer]:
    """Run gunicorn with the project's configuration and one worker, and yield it once it responds.

    `arguments` are passed to gunicorn. `environment` contains variables that differ from those of tests.
    """
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--workers=1", f"--bind=127.0.0.1:{port}"),
                *arguments,
                "coalition_site.wsgi",
            ],
            cwd=settings.BASE_DIR,
            env={**environment_of_tests(), "PAGE_CACHE_MAX_BYTES": "1000000", **environment},
            stdout=output,
            stderr=output,
        )
        server = WebServer(process, port)
        try:
            deadline = time.monotonic() + PATIENCE
            while not server.is_up():
                assert time.monotonic() < deadline, log.read_text()[-3_000:]
                time.sleep(0.05)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)
