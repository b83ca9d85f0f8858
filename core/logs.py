"""Logs without personal data: one JSON object per line, and one such line for each request.

Our own events have a constant message and ids. Other libraries log more, so the formatter writes only what cannot hold
user input: the message before its arguments are inserted, extra values that are single numbers or texts, and the type
and traceback of an exception, never its message.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
FRAMES = 30
# The last line of defence: removes anything like an e-mail or network address, or like a signed token
# (`django.core.signing`), which opens a person's page.
ADDRESSES = re.compile(r"[^\s@<>\"'=]+@[^\s@<>\"',;]+|\bip=\S+")
TOKENS = re.compile(r"[\w-]{8,}[.:][\w-]{6}[.:][\w-]{27,}")


class RefusalsAreNoFaults(logging.Filter):
    """Reduces records of refused requests to a constant event at level INFO.

    Django logs each request that it refuses as an error with the user's input, and a visitor who disconnects while
    sending a form as a failure of the site: strangers could raise alarms at will.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        is_refused = kind is not None and issubclass(
            kind, (SuspiciousOperation, UnreadablePostError)
        )
        if is_refused or record.name.startswith("django.security."):
            reason = kind.__name__ if kind else record.name.rpartition(".")[2]
            record.msg, record.args, record.exc_info = "request.refused", (), None
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.reason = reason
        return True


class JsonFormatter(logging.Formatter):
    """`{"time": ..., "level": ..., "logger": ..., "event": ..., ...}`, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _without_persons(str(record.msg)),
        }
        for name, value in record.__dict__.items():
            if name not in STANDARD and isinstance(value, (str, int, float)):
                entry[name] = _without_persons(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            entry["exception"] = f"{kind.__module__}.{kind.__qualname__}"
            entry["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)[-FRAMES:]
            ]
        return json.dumps(entry, ensure_ascii=False)


def _without_persons(text: str) -> str:
    return TOKENS.sub("[token]", ADDRESSES.sub("[address]", text))


logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "request",
                extra={
                    "method": request.method if request.method in METHODS else "OTHER",
                    "address": _address(request, response),
                    "status": response.status_code,
                    "milliseconds": round((perf_counter() - began) * 1_000, 1),
                },
            )
        return response


def _address(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return the URL pattern, so that no token is logged, or the path of an existing page, or else "".

    A path that matches no page could be anything that a stranger typed, including an e-mail address.
    """
    match = request.resolver_match
    if match is not None and match.view_name != "wagtail_serve":
        return match.route
    return request.path if response.status_code in {200, 304} else ""
