"""The advisory locks of the database, by name: whoever wants one finds here which numbers are taken.

A claim of the newsletter (`newsletter/delivery/transitions.py`) is a lock too, on a random number of 63 bits.
"""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """Numbers that never change: during a deployment, old and new processes run side by side."""

    RECORD = 20021701


def hold_until_commit(lock: Lock) -> None:
    """Wait for the lock and keep it to the end of the transaction. Call it inside one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
