"""Workers that a test kills. Each is a child of one process that has the site loaded, so a new one is there at once."""

import os
import signal
import subprocess
import sys
from typing import Self

from django.conf import settings
from django.db import connection

from tests.environment import environment_of_tests

# For each line "start PORT DATABASE" forks a worker that sends to that port what is in that database until nothing is
# left, and prints its number; for each line "wait NUMBER" prints how it ended.
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
        # Tests hold their states in databases of their own.
        worker = self._ask("start", port, connection.settings_dict["NAME"])
        self._alive.append(worker)
        return worker

    def kill(self, worker: int) -> None:
        """Kill one that still works."""
        self._alive.remove(worker)
        os.kill(worker, signal.SIGKILL)
        assert self._ask("wait", worker) == -signal.SIGKILL, (
            "It had ended before: too little to do."
        )

    def wait(self, worker: int) -> None:
        """Until it has found nothing more to do."""
        self._alive.remove(worker)
        assert self._ask("wait", worker) == 0

    def _ask(self, command: str, number: int, database: str = "") -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command} {number} {database}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
