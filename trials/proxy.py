"""Starts the proxy of the deployment: the system's nginx with the files in `proxy/`."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmark.servers import PROJECT, free_port

PATIENCE = 30.0  # seconds in which nginx must start to listen
PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin"  # Debian's folder for nginx, not in every account's path


class NoProxyError(Exception):
    """nginx is not installed or does not start, as the message says."""


@contextlib.contextmanager
def proxy(upstream: int, log: Path, **changed: str) -> Iterator[int]:
    """Run nginx in front of the site at the port `upstream`; yield the port on which it listens.

    `changed` are variables for `proxy/start.sh`. The output of nginx is written to `log`.
    """
    if shutil.which("nginx", path=PATHS) is None:
        raise NoProxyError("Install 'nginx-light' (or another nginx) from your system's packages.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="proxy-") as folder, log.open("wb") as output:
        Path(folder).chmod(0o755)
        environment: Mapping[str, str] = {
            **os.environ,
            "PATH": PATHS,
            "PROXY_FOLDER": folder,
            "PROXY_LISTEN": f"127.0.0.1:{port}",
            "PROXY_UPSTREAM": f"127.0.0.1:{upstream}",
            **changed,
        }
        nginx = subprocess.Popen(
            ["/bin/sh", str(PROJECT / "proxy" / "start.sh")],
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until_listening(Path(folder) / "nginx.pid", nginx, log)
            yield port
        finally:
            nginx.terminate()
            nginx.wait(PATIENCE)


def _wait_until_listening(pid: Path, nginx: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until nginx accepts connections, since it does so before it writes its process id."""
    deadline = time.monotonic() + PATIENCE
    while not (pid.exists() and pid.read_text()):
        if nginx.poll() is not None or time.monotonic() > deadline:
            raise NoProxyError(f"nginx does not start:\n{log.read_text()}")
        time.sleep(0.02)
