"""Requests that visitors send to a server, and how long they wait for responses."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from tests.web_server import WebServer

Answer = tuple[int, str, float]  # status, page, seconds


def ask(server: WebServer, path: str) -> Answer:
    began = time.monotonic()
    answer = server.ask(path)
    return answer.status, answer.read().decode(errors="replace"), time.monotonic() - began


def sign_up(server: WebServer, email: str, **fields: str) -> Answer:
    """Send the newsletter form."""
    began = time.monotonic()
    answer = server.ask(
        "/newsletter/",
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode({"email": email, "consent": "on", **fields}),
    )
    return answer.status, answer.read().decode(), time.monotonic() - began


def until(is_true: Callable[[], object], seconds: float = 20.0) -> float:
    """Wait until the condition is true; return the seconds that it took."""
    began = time.monotonic()
    while not is_true():
        assert time.monotonic() < began + seconds
        time.sleep(0.05)
    return time.monotonic() - began
