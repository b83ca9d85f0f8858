"""Messages of the launcher when a port or the database is not available."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def launch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local_site", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    process = launch("site", PORT=port)
    assert process.returncode == 2
    assert f"PORT is '{port}'" in process.stderr


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = launch("site", PORT=str(port))
    assert process.returncode == 1
    assert f"Port {port} cannot be used" in process.stderr
    assert "PORT=8100" in process.stderr


@pytest.mark.parametrize("arguments", [[], ["production"]])
def test_the_ways_to_run_it_are_listed(arguments: list[str]) -> None:
    process = launch(*arguments)
    assert process.returncode == 2
    assert "site|dev" in process.stderr
