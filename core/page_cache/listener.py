"""Listens for changes: one thread in every worker, with a connection of its own."""

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import psycopg

from core.database.breaker import answered_within, breaker, plain_parameters

from .triggers import CHANNEL

logger = logging.getLogger(__name__)

APPLICATION_NAME = "page cache listener"
HEARTBEAT = 1.0  # seconds between two checks that the database still answers
# Seconds for which an answer counts. A network that drops packets, or a suspended process, closes no connection, so the
# thread would not notice.
LEASE = 5.0
RETRY = 1.0  # seconds before the next attempt to connect
ListenerConnection = answered_within(LEASE)


class ChangeListener:
    """Calls `on_change` after every commit that changed the content of pages, and after every interruption.

    The thread starts at the first call of `is_listening` in a process, so a fork never inherits a dead one.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._lock = Lock()
        self._stop = Event()
        self._process: int | None = None
        self._thread: Thread | None = None
        self._heard_until = 0.0

    def is_listening(self) -> bool:
        """Return whether every change up to a few milliseconds ago has been received."""
        if self._process != os.getpid():
            self._start()
        return monotonic() < self._heard_until

    def close(self) -> None:
        """End the thread and its connection."""
        self._stop.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join()

    def _start(self) -> None:
        with self._lock:
            if self._process != os.getpid():
                self._heard_until = 0.0
                self._thread = Thread(target=self._run, name=APPLICATION_NAME, daemon=True)
                self._thread.start()
                self._process = os.getpid()

    def _run(self) -> None:
        failing = False
        while not self._stop.is_set():
            try:
                with ListenerConnection.connect(**_connection_parameters()) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    # Changes that were committed while nobody listened are not announced again.
                    self._on_change()
                    failing = False
                    self._listen(connection)
            except psycopg.Error as error:
                if not failing:
                    logger.warning(
                        "page_cache.listener_lost", extra={"error": type(error).__name__}
                    )
                failing = True
                breaker.suspect()
            finally:
                self._heard_until = 0.0
            self._stop.wait(RETRY)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.is_set():
            sent = monotonic()
            connection.execute("SELECT 1")
            # Notifications of earlier commits came with the answer, and are handled first.
            self._hear(connection, seconds=0)
            self._heard_until = sent + LEASE
            self._hear(connection, seconds=HEARTBEAT)

    def _hear(self, connection: psycopg.Connection[Any], *, seconds: float) -> None:
        for _ in connection.notifies(timeout=seconds):
            self._on_change()


def _connection_parameters() -> dict[str, Any]:
    """Return the parameters of the default database for a connection outside its pool."""
    return {
        **plain_parameters(),
        "application_name": APPLICATION_NAME,
        "connect_timeout": 5,
        "tcp_user_timeout": int(LEASE * 1_000),
    }
