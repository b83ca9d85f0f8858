"""Rate limits, counted in the cache that all workers share, and the address that identifies a client.

If the cache does not answer, its error propagates and no form is accepted: a sign-up without limits would let a
stranger send mail to anybody through this site, which is worse than a form that says "try again later".
"""

import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.keyed_hashes import keyed_hash

KEEP_TURNS = 30 * 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Limit:
    """Allows `count` events for each subject in each fixed window of `seconds`."""

    name: str
    count: int
    seconds: int

    def allows(self, subject: str = "") -> bool:
        """Count an event of `subject`, empty for the whole site. Return False if it exceeds the limit."""
        return self.add(subject) <= self.count

    def add(self, subject: str = "") -> int:
        """Count an event of `subject` and return the number of events in this window."""
        key = self._key(subject)
        # The window is part of the key, so each window begins with a counter of its own.
        if cache.add(key, 1, timeout=2 * self.seconds):
            return 1
        return cache.incr(key)

    def wait_for_turn(self) -> float:
        """Queue an event beyond the limit and return the seconds until its turn.

        Turns are `seconds / count` apart.
        """
        interval = self.seconds / self.count
        key = f"limit:{self.name}:turn"
        now = time.time()
        # Turns are numbered since 1970, so their number determines when they are due.
        cache.add(key, int(now / interval), timeout=KEEP_TURNS)
        wait = cache.incr(key) * interval - now
        if wait <= 0:  # The last turn has long passed.
            cache.set(key, int(now / interval) + 1, timeout=KEEP_TURNS)
        return max(wait, 0.0)

    def is_used_up(self, subject: str = "") -> bool:
        """Return whether another event would exceed the limit, without counting one."""
        return bool(cache.get(self._key(subject), 0) >= self.count)

    def _key(self, subject: str) -> str:
        window = int(time.time() // self.seconds)
        return f"limit:{self.name}:{window}:{keyed_hash(subject, purpose='limits')}"

    @property
    def retry_after(self) -> int:
        """Return the seconds until the next window."""
        return self.seconds - int(time.time() % self.seconds)


IPV6_CUSTOMER_PREFIX = (
    64  # The smallest block that providers assign: all of it belongs to one client.
)


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, shortened to its /64 for IPv6; empty if the server knows none.

    Each of the `TRUSTED_PROXIES` in front of the server appends the address of its own client to `X-Forwarded-For`, so
    the client's address is that many places from the end. The client itself may have written the entries before it.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            address = _without_port(forwarded[-settings.TRUSTED_PROXIES].strip())
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_CUSTOMER_PREFIX), strict=False))
    return str(parsed)


def _without_port(address: str) -> str:
    """Remove the port and brackets that some proxies write: `203.0.113.5:51234`, `[2001:db8::1]:443`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _colon, port = address.rpartition(":")
    return host if port.isdecimal() and host and ":" not in host else address
