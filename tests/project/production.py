"""Tests the production settings in processes that have loaded no other settings.

Starting Python and Django takes longest, so one process imports what the settings need and forks for each test.
"""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

COMPLETE = {
    "SECRET_KEY": "k" * 60,
    "HASH_KEY": "h" * 60,
    "ENCRYPTION_KEY": "e" * 43 + "=",
    "ALLOWED_HOSTS": "www.example.org,example.org",
    "DATABASE_URL": "postgres://site:secret@database.example.org/site",
    "SITE_URL": "https://www.example.org",
    "EMAIL_URL": "smtp+tls://mail:secret@mail.example.org:587",
}
# The project's modules read the environment when they are imported, so none is imported before the fork.
FORKS = """
import json, os, sys, tempfile
import csp.constants, django.core.checks, django.core.mail, django.db.models, django.test, environ, psycopg_pool
import boto3, bs4, openpyxl, PIL.Image, pydantic.main, requests

for line in sys.stdin:
    source, environment = json.loads(line)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            os.environ.clear()
            os.environ.update(environment)
            exec(compile(source, "<test>", "exec"), {"__name__": "__main__", "json": json})
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0), errors.seek(0)
        print(json.dumps([code, output.read(), errors.read()]), flush=True)
"""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Ended:
    """The exit code and the output of a process."""

    returncode: int
    stdout: str
    stderr: str


def start(*statements: str, **environment: str) -> Ended:
    """Run `statements` with the production settings and only the given environment variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"DJANGO_SETTINGS_MODULE": "coalition_site.settings.production"}
    server = _forks()
    assert server.stdin
    assert server.stdout
    with _one_at_a_time:
        job = ["\n".join(statements), {**kept, **settings, **environment}]
        server.stdin.write(json.dumps(job) + "\n")
        server.stdin.flush()
        return Ended(*json.loads(server.stdout.readline()))


@cache
def _forks() -> "subprocess.Popen[str]":
    """Return the process that forks. It ends when its input is closed, which happens when this process ends."""
    return subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def setting(name: str, **environment: str) -> Any:
    """Return a setting of a complete environment, changed by the given variables."""
    process = start(
        "from django.conf import settings",
        f"print(json.dumps(settings.{name}))",
        **{**COMPLETE, **environment},
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1])


def refusal(**environment: str) -> str:
    """Return the error with which the settings refuse an environment."""
    process = start("from django.conf import settings", "settings.DEBUG", **environment)
    assert process.returncode != 0
    assert "ImproperlyConfigured" in process.stderr
    return process.stderr
