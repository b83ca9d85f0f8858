"""The circuit breaker for a database that is gone, and connections that do not wait for ever for a silent server.

While the database is gone nobody waits for it, and only a probe in the background connects to it. The timeouts of the
server and of TCP do not help while the server is suspended: its system still confirms what arrives, and libpq would
wait for ever.
"""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, ClassVar

import psycopg
from django.db import OperationalError, connections
from psycopg.abc import RV, PQGen

TICK = 0.5  # seconds between two checks of whether to keep waiting


class SilentDatabaseError(psycopg.OperationalError):
    """The database has received a statement and does not answer."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the database is silent for longer than `patience`."""

    patience: ClassVar[float] = 2.0  # seconds

    def is_given_up(self, silence: float) -> bool:
        """Return whether to give up a statement after `silence` seconds without an answer."""
        return silence > self.patience

    def wait(self, gen: PQGen[RV], interval: float = TICK, timeout: float | None = None) -> RV:
        """Wait for the answer to a statement. Raises SilentDatabaseError.

        With a `timeout` the caller waits for notifications, and silence is normal.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(self._while_it_answers(gen), interval)
        except SilentDatabaseError:
            self.close()  # The next statement could otherwise receive this one's late response.
            raise

    def _while_it_answers(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Wrap a psycopg generator and check the silence each time the loop resumes it, at least once a tick."""
        try:
            wanted = next(gen)
            heard = monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = monotonic()
                elif self.is_given_up(monotonic() - heard):
                    raise SilentDatabaseError("The database does not answer.")
                wanted = gen.send(ready)
        except StopIteration as end:
            value: RV = end.value
            return value


logger = logging.getLogger(__name__)

INTERVAL = 0.5  # seconds between two probes of a database that is gone
CLOSING = 1.0  # seconds in which the threads of a pool may end
LEAST_CONNECT_TIMEOUT = 2  # seconds; libpq raises smaller values to 2


class DatabaseUnavailableError(OperationalError):
    """The database cannot be reached at the moment."""


class CircuitBreaker:
    """Open while the database cannot be reached. Thread-safe.

    `probe` raises psycopg.Error if it cannot reach the database. `on_open` is called each time the breaker opens.
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
        """Probe the database in the background, and stay open until it answers. Returns at once."""
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
    """Return the parameters of the default database for a connection outside its pool and outside Django."""
    parameters = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return {**parameters, "autocommit": True}


def _probe_database() -> None:
    with BoundedConnection.connect(
        **{
            **plain_parameters(),
            "application_name": "database probe",
            "connect_timeout": LEAST_CONNECT_TIMEOUT,
        }
    ) as connection:
        connection.execute("SELECT 1")


def _drop_pool() -> None:
    """Close the pool of this process: threads that wait for a connection fail at once, and a new pool replaces it.

    The old pool would try to reconnect at longer and longer intervals.
    """
    pool = getattr(connections["default"], "_connection_pools", {}).pop("default", None)
    if pool is not None:
        pool.close(timeout=CLOSING)


breaker = CircuitBreaker(_probe_database, _drop_pool)


SUSPICIOUS = 1.0  # seconds of silence after which the database is probed


class WebConnection(BoundedConnection):
    """Makes the breaker probe a silent database, and gives up as soon as the breaker is open."""

    def is_given_up(self, silence: float) -> bool:
        if silence < SUSPICIOUS:
            return False
        if breaker.is_open:
            return True
        breaker.suspect()
        return super().is_given_up(silence)


def answered_within(seconds: float) -> type[WebConnection]:
    """Return a class of connections that give up after `seconds` even if the database answers others."""
    return type("WebConnection", (WebConnection,), {"patience": seconds})
