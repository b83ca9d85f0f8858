"""The mail provider's limit, which all workers share: each reserves the time that its mails take."""

import sys

from django.conf import settings
from django.db import connection

# How far ahead time may be reserved: what is claimed long before it is sent would be uncertain if its worker died.
LONGEST_QUEUE = 1.0  # seconds

START = """
    INSERT INTO newsletter_sendingclock (id, free_at) VALUES (1, clock_timestamp()) ON CONFLICT DO NOTHING
"""
LOOK = """
    SELECT extract(epoch FROM free_at - clock_timestamp()) FROM newsletter_sendingclock WHERE id = 1 FOR UPDATE
"""
RESERVE = """
    UPDATE newsletter_sendingclock
    SET free_at = greatest(free_at, clock_timestamp()) + make_interval(secs => %s) WHERE id = 1
"""


def rate() -> float:
    """Mails a second over all workers; 0 for as many as the server takes."""
    return max(0.0, float(settings.NEWSLETTER_RATE))


def seconds_until_free() -> float:
    """Lock the clock until the transaction ends; give when it is free, from now. 0 when there is no limit."""
    if not rate():
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(START)
        cursor.execute(LOOK)
        return max(0.0, float(cursor.fetchone()[0]))


def reserve(mails: int) -> None:
    """Take the time of so many mails. In the transaction that asked when the clock is free."""
    if rate() and mails:
        with connection.cursor() as cursor:
            cursor.execute(RESERVE, [mails / rate()])


def most_to_reserve(wait: float) -> int:
    """How many mails may be claimed when the clock is free in so many seconds. One, at a rate of few an hour."""
    if not rate():
        return sys.maxsize
    if wait > LONGEST_QUEUE:
        return 0
    return max(1, int((LONGEST_QUEUE - wait) * rate()))
