"""Lets no more requests wait for the database than leaves threads for pages that are kept in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, get_ident
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from .unavailable import unavailable

LONG = 0.25  # seconds that a query of a page takes only if something holds it up
LOOK_AGAIN = 0.05  # seconds


class GateMiddleware:
    """At most `WEB_THREADS` requests of a process are answered at once; others wait for their turn.

    Where all of these are held up by the database, by a lock on a table for instance, others are told so without
    waiting. Otherwise they would fill the threads that serve what needs no database.
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
    """The calls that are under way. An instance is an execute wrapper, as Django's connections take them."""

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
        """Count what runs inside as a call of this thread."""
        thread = get_ident()
        self._began[thread] = monotonic()
        try:
            yield
        finally:
            self._began.pop(thread, None)

    def count_longer_than(self, seconds: float) -> int:
        """Return how many calls have waited longer than `seconds`."""
        latest = monotonic() - seconds
        return sum(began < latest for began in list(self._began.values()))


calls = Calls()
