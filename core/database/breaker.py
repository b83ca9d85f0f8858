"""The circuit breaker: while the database is gone nobody waits for it, and it is asked once in a while."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import psycopg
from django.db import OperationalError, connections

from .bounded import BoundedConnection

logger = logging.getLogger(__name__)

INTERVAL = 0.5  # seconds between two attempts to reach a database that is gone
CLOSING = 1.0  # seconds for the threads of a pool to end
LEAST_CONNECT_TIMEOUT = 2  # seconds; libpq takes fewer for two


class DatabaseUnavailableError(OperationalError):
    """The database cannot be reached at the moment."""


class CircuitBreaker:
    """Open while the database cannot be reached. Safe among threads.

    `probe` raises psycopg.Error where it cannot; `on_open` is called each time it opens.
    """

    def __init__(self, probe: Callable[[], None], on_open: Callable[[], None]) -> None:
        self._probe = probe
        self._on_open = on_open
        self._lock = Lock()
        self._is_probing = False
        self._opened_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None

    def suspect(self) -> None:
        """Ask in the background whether the database is there; open if it is not, until it is. Returns at once."""
        with self._lock:
            if self._is_probing:
                return
            self._is_probing = True
        Thread(target=self._watch, name="database probe", daemon=True).start()

    def _watch(self) -> None:
        pause = Event()
        try:
            while not self._reaches_database():
                pause.wait(INTERVAL)
        finally:
            with self._lock:
                self._is_probing = False

    def _reaches_database(self) -> bool:
        try:
            self._probe()
        except psycopg.Error:
            if self._opened_at is None:
                self._opened_at = monotonic()
                logger.exception("database.unavailable")
                self._on_open()
            return False
        if self._opened_at is not None:
            seconds = round(monotonic() - self._opened_at, 1)
            self._opened_at = None
            logger.warning("database.available", extra={"seconds": seconds})
        return True


def plain_parameters() -> dict[str, Any]:
    """The parameters of the default database, for a connection outside its pool and outside Django."""
    parameters = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return {**parameters, "autocommit": True}


def _ask_database() -> None:
    with BoundedConnection.connect(
        **{
            **plain_parameters(),
            "application_name": "database probe",
            "connect_timeout": LEAST_CONNECT_TIMEOUT,
        }
    ) as connection:
        connection.execute("SELECT 1")


def _drop_pool() -> None:
    """Close the pool of this process: who waits for a connection is told at once, and the next pool starts afresh.

    Its own attempts to reconnect grow further and further apart.
    """
    pool = getattr(connections["default"], "_connection_pools", {}).pop("default", None)
    if pool is not None:
        pool.close(timeout=CLOSING)


breaker = CircuitBreaker(_ask_database, _drop_pool)


SUSPICIOUS = 1.0  # seconds of silence after which it is asked whether the database is there at all


class WebConnection(BoundedConnection):
    """Gives up as soon as the breaker knows that the database is gone, and has the breaker find out."""

    def is_given_up(self, silence: float) -> bool:
        if silence < SUSPICIOUS:
            return False
        if breaker.is_open:
            return True
        breaker.suspect()
        return super().is_given_up(silence)


def answered_within(seconds: float) -> type[WebConnection]:
    """Return the class of connections that give up after `seconds` even if the database answers others."""
    return type("WebConnection", (WebConnection,), {"patience": seconds})
