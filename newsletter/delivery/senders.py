"""Threads that hand mails over, each with a connection of its own. None of them asks the database anything."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from .letters import Letter
from .places import Place, Places
from .transports.interface import Outcome, ServerUnavailable, Transport, Unknown

Clock = float  # seconds of time.monotonic()

# How long a thread waits after the server took no connection of it, while others send. Doubled each time.
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 8.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A mail that was claimed. `due` is when its turn comes, by the limit of the provider."""

    letter: Letter
    attempts: int
    due: Clock


class Senders:
    """Takes assignments from one thread, and gives it what came of them.

    `outstanding` counts the mails of which nothing was collected yet.
    """

    def __init__(self, make_transport: Callable[[], Transport], *, connections: int) -> None:
        self.batch_size = make_transport().batch_size
        self.connections = connections
        self.outstanding = 0
        self.mistake: Exception | None = None
        self._make_transport = make_transport
        self._queue: queue.SimpleQueue[Sequence[Assignment] | None] = queue.SimpleQueue()
        self._done: deque[tuple[Assignment, Outcome]] = deque()
        self._wake = threading.Event()
        self._wake_below = 0
        self._unavailable: ServerUnavailable | None = None
        self._places = Places()
        self._has_ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"sender-{number}", daemon=True)
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
        if error is not None:  # Of what is sent now nobody would write the outcome.
            self.take_back()
        self._has_ended.set()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def give(self, assignments: Sequence[Assignment]) -> None:
        size = min(self.batch_size, max(1, len(assignments) // self.connections))
        self.outstanding += len(assignments)
        for start in range(0, len(assignments), size):
            self._queue.put(assignments[start : start + size])

    def take_back(self) -> list[Assignment]:
        """What no thread has begun with."""
        returned: list[Assignment] = []
        while True:
            try:
                returned += self._queue.get_nowait() or ()
            except queue.Empty:
                self.outstanding -= len(returned)
                return returned

    def collect(self) -> list[tuple[Assignment, Outcome]]:
        """What came of assignments since the last call."""
        collected = [self._done.popleft() for _ in range(len(self._done))]
        self.outstanding -= len(collected)
        return collected

    def wait(self, *, until_below: int, seconds: float) -> None:
        """Return when fewer than so many are under way or waiting, or after the time."""
        self._wake_below = until_below
        self._wake.clear()
        if self._under_way() >= until_below:
            self._wake.wait(seconds)

    def forget_unavailability(self) -> None:
        self._unavailable = None

    def _under_way(self) -> int:
        return self.outstanding - len(self._done)

    def _work(self) -> None:
        transport = self._make_transport()
        place = Place(self._places)
        pause = FIRST_PAUSE
        try:
            while assignments := self._queue.get():
                outcomes = self._send(transport, assignments, place)
                if self._is_for_others(outcomes, place):
                    self._queue.put(assignments)
                    self._has_ended.wait(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                pause = FIRST_PAUSE
                self._done.extend(zip(assignments, outcomes, strict=True))
                if self._under_way() < self._wake_below:
                    self._wake.set()
        finally:
            place.give_up()
            transport.close()

    def _send(
        self, transport: Transport, assignments: Sequence[Assignment], place: Place
    ) -> Sequence[Outcome]:
        if self._unavailable:  # One thread has found out; the mails behind it need not try.
            return [self._unavailable] * len(assignments)
        delay = assignments[0].due - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        try:
            refusal = place.take(transport)
            if refusal:
                return [refusal] * len(assignments)
            outcomes = transport.send([one.letter for one in assignments])
        except Exception as error:  # noqa: BLE001 - raised again where the ledger has been written
            self.mistake = error
            return [Unknown(type(error).__name__)] * len(assignments)
        if any(isinstance(outcome, ServerUnavailable) for outcome in outcomes):
            place.give_up()
        return outcomes

    def _is_for_others(self, outcomes: Sequence[Outcome], place: Place) -> bool:
        """Whether the server refused this connection alone, so that threads with one are to send the mails.

        Where no thread has a connection, the server is unavailable for all of them.
        """
        refusals = [outcome for outcome in outcomes if isinstance(outcome, ServerUnavailable)]
        if not refusals or self._unavailable:
            return False
        is_of_connection = len(refusals) == len(outcomes) and refusals[0].is_of_connection
        if is_of_connection and place.others_have_one():
            return True
        self._unavailable = refusals[0]
        return False
