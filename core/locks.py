"""The advisory locks of the database, by name, so that no two have the same number.

A claim of the newsletter (`newsletter/delivery/transitions.py`) is a lock too, on a random number of 63 bits.
"""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """The numbers never change, because old and new processes run side by side during a deployment."""

    RECORD = 20021701


def hold_until_commit(lock: Lock) -> None:
    """Wait for the lock and hold it until the end of the current transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
