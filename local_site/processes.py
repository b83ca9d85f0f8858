"""Runs processes together: when one of them ends, or when this one receives a signal, all stop."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parent.parent
GRACE = 15.0  # seconds between SIGTERM and SIGKILL


class Processes:
    """The children of this process, each the leader of a process group with its own children."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def start(self, name: str, command: list[str], *, logs: Path | None = None) -> None:
        """Start a process. Its output goes to `<name>.log` in the folder `logs`, or to this terminal."""
        with contextlib.ExitStack() as stack:
            output = stack.enter_context((logs / f"{name}.log").open("wb")) if logs else None
            # In its own session, so that Ctrl-C reaches it only through this process.
            self.children[name] = subprocess.Popen(  # noqa: S603 - the commands of this package.
                command,
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def run(self, name: str, command: list[str]) -> int:
        """Run a command to its end. Return its exit code, or 0 if this process is stopped first."""
        self.start(name, command)
        while not self.stopping.wait(0.05):
            code = self.children[name].poll()
            if code is not None:
                del self.children[name]
                return code
        return 0

    def wait(self, until: Callable[[], bool] | None = None) -> int | None:
        """Return 0 when stopped, the exit code (or 1) of a child that ends, or None once `until()` is true."""
        while not self.stopping.wait(0.2):
            for name, child in self.children.items():
                code = child.poll()
                if code is not None:
                    print(f"{name} ended with exit code {code}; stopping the rest.", flush=True)  # noqa: T201
                    return code or 1
            if until and until():
                return None
        return 0

    def stop(self) -> None:
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            finally:
                _signal_group(child, signal.SIGKILL)
                child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return  # The whole group has ended.
