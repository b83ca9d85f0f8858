"""Transports, over SMTP or a provider's API as the settings say, and the pool of threads that each use one.

The pool is hand-made, since an executor of the standard library keeps no connection for each thread and cannot return
what no thread has started. With eight connections one worker sends 1.4 times as many mails as eight bare loops of
smtplib, although it also records their outcomes (`make bench`, 5 ms added to each reply).
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.core.mail import EmailMessage

from newsletter.delivery.messages import Message
from newsletter.delivery.outcomes import Outcome, ServerUnavailable, Unknown

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Transport(Protocol):
    """A connection to a mail server or provider. Belongs to one thread, stays open between calls, uses no database.

    Errors of a server or network are outcomes. An exception means a bug or a wrong setting.
    """

    @property
    def batch_size(self) -> int:
        """Return how many messages one call of `send` may take."""
        ...

    def open(self) -> ServerUnavailable | None:
        """Connect, unless connected. Return None if messages can be sent; always None for a provider's API."""
        ...

    def send(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Hand messages over, reconnecting where needed; return their outcomes in the same order."""
        ...

    def send_message(self, message: EmailMessage) -> Outcome:
        """Hand over a message built by Django for one person, connecting where needed; return its outcome."""
        ...

    def close(self) -> None:
        """Close the connection. The transport can be opened again."""
        ...


def make_transport() -> Transport:
    """Return a new transport, not yet connected. Each thread needs its own."""
    # Imported here, so that only the library in use is loaded.
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        from .smtp import SmtpTransport  # noqa: PLC0415

        return SmtpTransport()
    from .provider import ProviderTransport  # noqa: PLC0415

    return ProviderTransport()


Clock = float  # seconds of time.monotonic()

# Seconds for which a thread waits after the server refused it a connection while others send. Doubled each time.
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 8.0


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """The message of a claimed delivery. `due` is the earliest time to send it, by the provider's rate limit."""

    message: Message
    attempts: int
    due: Clock


class TransportPool:
    """Sends messages of one thread by many, and returns their outcomes to it. The threads use no database.

    `outstanding` counts the messages whose outcomes have not been collected. `error` is an exception of a transport, a
    bug or a wrong setting: the caller raises it once all outcomes are written.
    """

    def __init__(self, make_transport: Callable[[], Transport], *, connections: int) -> None:
        self.batch_size = make_transport().batch_size
        self.connections = connections
        self.outstanding = 0
        self.error: Exception | None = None
        self._make_transport = make_transport
        self._queue: queue.SimpleQueue[Sequence[QueuedMessage] | None] = queue.SimpleQueue()
        self._done: deque[tuple[QueuedMessage, Outcome]] = deque()
        self._wake = threading.Event()
        self._wake_below = 0
        self._unavailable: ServerUnavailable | None = None
        self._tally = _ConnectionTally()
        self._has_ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"transport-{number}", daemon=True)
            for number in range(connections)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:  # The outcomes would not be recorded.
            self.take_back()
        self._has_ended.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def submit(self, messages: Sequence[QueuedMessage]) -> None:
        size = min(self.batch_size, max(1, len(messages) // self.connections))
        self.outstanding += len(messages)
        for start in range(0, len(messages), size):
            self._queue.put(messages[start : start + size])

    def take_back(self) -> list[QueuedMessage]:
        """Remove and return the messages that no thread has taken yet."""
        returned: list[QueuedMessage] = []
        while True:
            try:
                returned += self._queue.get_nowait() or ()
            except queue.Empty:
                self.outstanding -= len(returned)
                return returned

    def collect(self) -> list[tuple[QueuedMessage, Outcome]]:
        """Return the outcomes since the last call."""
        collected = [self._done.popleft() for _ in range(len(self._done))]
        self.outstanding -= len(collected)
        return collected

    def wait(self, *, until_below: int, seconds: float) -> None:
        """Wait until fewer than that many messages are queued or being sent, at most `seconds`."""
        self._wake_below = until_below
        self._wake.clear()
        if self._unsent() >= until_below:
            self._wake.wait(seconds)

    def forget_unavailability(self) -> None:
        self._unavailable = None

    def _unsent(self) -> int:
        return self.outstanding - len(self._done)

    def _work(self) -> None:
        transport = self._make_transport()
        connection = _CountedConnection(self._tally)
        pause = FIRST_PAUSE
        try:
            while messages := self._queue.get():
                outcomes = self._send(transport, messages, connection)
                if self._is_for_others(outcomes, connection):
                    self._queue.put(messages)
                    self._has_ended.wait(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                pause = FIRST_PAUSE
                self._done.extend(zip(messages, outcomes, strict=True))
                if self._unsent() < self._wake_below:
                    self._wake.set()
        finally:
            connection.note_lost()
            transport.close()

    def _send(
        self,
        transport: Transport,
        messages: Sequence[QueuedMessage],
        connection: "_CountedConnection",
    ) -> Sequence[Outcome]:
        if self._unavailable:  # Another thread has already found out, so do not try again.
            return [self._unavailable] * len(messages)
        delay = messages[0].due - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        try:
            refusal = connection.open(transport)
            if refusal:
                return [refusal] * len(messages)
            outcomes = transport.send([one.message for one in messages])
        except Exception as error:  # noqa: BLE001 - raised again once the outcomes are written
            self.error = error
            return [Unknown(type(error).__name__)] * len(messages)
        if any(isinstance(outcome, ServerUnavailable) for outcome in outcomes):
            connection.note_lost()
        return outcomes

    def _is_for_others(self, outcomes: Sequence[Outcome], connection: "_CountedConnection") -> bool:
        """Return whether the server refused only this connection, so that other threads must send the messages.

        If no thread is connected, the server is unavailable to all.
        """
        refusals = [outcome for outcome in outcomes if isinstance(outcome, ServerUnavailable)]
        if not refusals or self._unavailable:
            return False
        is_of_connection = len(refusals) == len(outcomes) and refusals[0].is_of_connection
        if is_of_connection and connection.is_any_other_open():
            return True
        self._unavailable = refusals[0]
        return False


class _ConnectionTally:
    """Counts connecting and connected threads.

    Many servers accept only a few connections and refuse further ones. As long as another thread is connected, a
    refusal means that the limit is reached, and not that the server is unavailable.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.connecting = 0
        self.connected = 0


class _CountedConnection:
    """The connection of one thread, as counted in the tally."""

    def __init__(self, tally: _ConnectionTally) -> None:
        self._tally = tally
        self._is_open = False

    def open(self, transport: Transport) -> ServerUnavailable | None:
        """Connect, unless this thread is connected. Return None if messages can be sent."""
        if self._is_open:
            return None
        self._count(connecting=1)
        try:
            refusal = transport.open()
            self._is_open = refusal is None
            return refusal
        finally:
            self._count(connecting=-1, connected=int(self._is_open))

    def note_lost(self) -> None:
        """Count this thread as not connected. Idempotent."""
        if self._is_open:
            self._is_open = False
            self._count(connected=-1)

    def is_any_other_open(self) -> bool:
        """Return whether any thread is connected, after waiting for threads that are connecting."""
        tally = self._tally
        with tally.changed:
            tally.changed.wait_for(lambda: tally.connected or not tally.connecting)
            return tally.connected > 0

    def _count(self, *, connecting: int = 0, connected: int = 0) -> None:
        with self._tally.changed:
            self._tally.connecting += connecting
            self._tally.connected += connected
            self._tally.changed.notify_all()
