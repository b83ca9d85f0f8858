"""Connections that wait for an answer as long as their class has patience, and no longer.

The timeouts of the server are of no use while the server is suspended, nor are those of TCP: its system goes on to
confirm what arrives. libpq would wait for ever.
"""

from time import monotonic
from typing import Any, ClassVar

import psycopg
from psycopg.abc import RV, PQGen

TICK = 0.5  # seconds of silence between two questions whether to wait on


class SilentDatabaseError(psycopg.OperationalError):
    """The database has taken a statement and does not answer."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed where the database is silent for longer than `patience`."""

    patience: ClassVar[float] = 2.0  # seconds

    def is_given_up(self, silence: float) -> bool:
        """Return whether the statement is given up that nothing was heard of for `silence` seconds."""
        return silence > self.patience

    def wait(self, gen: PQGen[RV], interval: float = TICK, timeout: float | None = None) -> RV:
        """Wait for the answer to a statement. Raises SilentDatabaseError.

        Who sets a `timeout` waits for notifications, where silence is what is expected.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(self._while_it_answers(gen), interval)
        except SilentDatabaseError:
            self.close()  # An answer that comes later would be taken for that of another statement.
            raise

    def _while_it_answers(self, gen: PQGen[RV]) -> PQGen[RV]:
        """Go between psycopg's loop and what it waits for; the loop comes by at least once a tick."""
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
