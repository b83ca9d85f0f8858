"""Which worker holds which deliveries, by a lock of the database that ends with its holder.

A worker takes a random number as its claim and holds the advisory lock of that number on its connection. PostgreSQL
drops the lock when the connection ends, however the worker died; what is still handed over under such a claim has lost
its holder.
"""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

# A machine that loses its power closes no connection: the database probes a silent one.
_KEEPALIVES = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}

# Numbers of the claims whose holders live, as a query.
HELD_CLAIMS = """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class ClaimLostError(Exception):
    """The database dropped the lock of a claim whose holder lives: claim nothing more under it."""


@dataclass(frozen=True)
class Claim:
    """The number of a claim, and the server process of the connection that holds its lock."""

    number: int
    backend: int


@contextlib.contextmanager
def held_claim() -> Iterator[Claim]:
    """Hold a claim of its own for the caller while the context lasts. Not inside a transaction."""
    number = secrets.randbelow(2**63 - 1) + 1
    with connection.cursor() as cursor:
        for name, value in _KEEPALIVES.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, str(value)])
        cursor.execute("SELECT pg_backend_pid(), pg_advisory_lock(%s)", [number])
        backend = cursor.fetchone()[0]
    try:
        yield Claim(number, backend)
    finally:
        _release(number, backend)


def _release(number: int, backend: int) -> None:
    if connection.connection is None or not connection.is_usable():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        # After a lost connection the lock is gone already.
        if cursor.fetchone()[0] == backend:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
