"""The processes that the launcher runs."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.chaos

PROJECT = Path(__file__).resolve().parents[2]

# Runs two children, one of which starts a child itself, and exits with the result of `wait`.
LAUNCHER = """
import os, sys
from local_site.processes import Processes
processes = Processes(os.environ)
processes.stop_on_signals()
processes.start("web", ["sh", "-c", sys.argv[1]])
processes.start("worker", ["sh", "-c", "sleep 300 & wait"])
print("running", flush=True)
code = processes.wait()
processes.stop()
sys.exit(code)
"""


def launch(web: str) -> subprocess.Popen[str]:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, web], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout
    assert launcher.stdout.readline() == "running\n"
    return launcher


def lives(process: psutil.Process) -> bool:
    """Return whether the process runs. Ended ones remain as zombies where nothing reaps orphans, as in a container."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_if_one_ends_all_end_with_its_code() -> None:
    launcher = launch("sleep 0.5; exit 7")
    children = psutil.Process(launcher.pid).children(recursive=True)
    output, _ = launcher.communicate(timeout=20)
    assert launcher.returncode == 7
    assert "web ended with exit code 7" in output
    assert not any(map(lives, children))


def test_an_end_without_an_error_is_an_error_too() -> None:
    launcher = launch("sleep 0.5")
    launcher.communicate(timeout=20)
    assert launcher.returncode == 1


def test_a_signal_ends_children_and_what_they_started() -> None:
    launcher = launch("sleep 300 & wait")
    time.sleep(0.5)
    children = psutil.Process(launcher.pid).children(recursive=True)
    assert len(children) >= 4
    launcher.send_signal(signal.SIGTERM)
    launcher.communicate(timeout=20)
    assert launcher.returncode == 0
    assert not any(map(lives, children))
