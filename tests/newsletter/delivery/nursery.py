"""Workers for tests to kill. They are forked from one process that has loaded the site, so they start at once."""

import os
import signal
import subprocess
import sys
from typing import Self

from django.conf import settings
from django.db import connection

from tests.environment import environment_of_tests

# For each line "start PORT DATABASE" forks a worker that sends the mailings in that database to that port until none is
# left, and prints its process id. For each line "wait NUMBER" prints the exit code of that process.
NURSERY = """
import os, sys, time
import django
from django.conf import settings
from django.db import connection
django.setup()
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST = "127.0.0.1"
settings.NEWSLETTER_CONNECTIONS = 4
settings.NEWSLETTER_MAX_ERRORS = 10_000
from newsletter.delivery.sending import take_turn

def work(port):
    settings.EMAIL_PORT = port
    while (rest := take_turn(seconds=2.0)) is not None:
        time.sleep(min(rest, 0.2))

for line in sys.stdin:
    command, number, *database = line.split()
    if command == "wait":
        _, status = os.waitpid(int(number), 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    elif child := os.fork():
        print(child, flush=True)
    else:
        connection.settings_dict["NAME"] = database[0]
        work(int(number))
        os._exit(0)
"""


class Nursery:
    """Starts, kills and awaits workers."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            cwd=settings.BASE_DIR,
            env=environment_of_tests(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._alive: list[int] = []
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in list(self._alive):
            self.kill(worker)
        self._process.communicate()

    def start(self, port: int) -> int:
        # Each test may have a database of its own.
        worker = self._ask("start", port, connection.settings_dict["NAME"])
        self._alive.append(worker)
        return worker

    def kill(self, worker: int) -> None:
        """Kill a worker that is still running."""
        self._alive.remove(worker)
        os.kill(worker, signal.SIGKILL)
        assert self._ask("wait", worker) == -signal.SIGKILL, (
            "It had already ended: the mailing is too small."
        )

    def wait(self, worker: int) -> None:
        """Wait until the worker has sent everything."""
        self._alive.remove(worker)
        assert self._ask("wait", worker) == 0

    def _ask(self, command: str, number: int, database: str = "") -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command} {number} {database}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
