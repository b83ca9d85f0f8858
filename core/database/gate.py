"""Limits the requests that wait for the database, so that threads stay free for pages that are kept in memory.

Visitors get 503 while the database is gone, locked or too slow.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from logging import Filter, LogRecord
from threading import BoundedSemaphore, get_ident
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views import defaults

LONG = 0.25  # seconds; a query of a page takes longer only if something blocks it
LOOK_AGAIN = 0.05  # seconds between two attempts to get a place


class GateMiddleware:
    """Lets `WEB_THREADS` requests of a process run at once. Others wait for their turn.

    If the database blocks all of these, for instance by a lock on a table, others get 503 without waiting: they would
    otherwise occupy the threads that serve pages without the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.WEB_THREADS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._places = BoundedSemaphore(settings.WEB_THREADS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._enter():
            return unavailable(request)
        try:
            return self.get_response(request)
        finally:
            self._places.release()

    def _enter(self) -> bool:
        while not self._places.acquire(blocking=False):
            if calls.count_longer_than(LONG) >= settings.WEB_THREADS:
                return False
            if self._places.acquire(timeout=LOOK_AGAIN):
                break
        return True


class Calls:
    """The database calls under way. An instance is an execute wrapper for Django's connections."""

    def __init__(self) -> None:
        self._began: dict[int, float] = {}

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        with self.waiting():
            return execute(sql, params, many, context)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the block as a database call under way in this thread."""
        thread = get_ident()
        self._began[thread] = monotonic()
        try:
            yield
        finally:
            self._began.pop(thread, None)

    def count_longer_than(self, seconds: float) -> int:
        """Return the number of calls that have waited longer than `seconds`."""
        latest = monotonic() - seconds
        return sum(began < latest for began in list(self._began.values()))


calls = Calls()


RETRY_AFTER = 30  # seconds


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return 503 in the site's design. It says that nothing sent with the request was stored."""
    return HttpResponse(
        render_to_string("503.html", {"was_sent": request.method == "POST"}),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that no view handled, while it is handled: `handler500` of Django."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return defaults.server_error(request)


class WithoutOutages(Filter):
    """Drops Django's error line for each request that was answered with 503.

    The breaker logs an outage once, and the log of requests has the status of each.
    """

    def filter(self, record: LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
