"""How often something may happen, counted in the cache that all workers share, and who counts as one client.

When the cache does not answer, the error goes up and nothing is sent: a sign-up without limits would let a stranger
send mail to anybody through this site, which is worse than a form that says "try again later".
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
    """At most `count` times in each fixed window of `seconds`, for each subject by itself."""

    name: str
    count: int
    seconds: int

    def allows(self, subject: str = "") -> bool:
        """Count one more for `subject` (an address, or nothing for the whole site); False when it is too many."""
        return self.add(subject) <= self.count

    def add(self, subject: str = "") -> int:
        """Count one more for `subject`, and return how many there are in this window."""
        key = self._key(subject)
        # The window is part of the key, so no counter is taken over from the window before.
        if cache.add(key, 1, timeout=2 * self.seconds):
            return 1
        return cache.incr(key)

    def wait_for_turn(self) -> float:
        """Seconds until the turn of one more of those that come too many: `count` of them have one each `seconds`."""
        interval = self.seconds / self.count
        key = f"limit:{self.name}:turn"
        now = time.time()
        # Turns are numbered since 1970, so the number says when one is due.
        cache.add(key, int(now / interval), timeout=KEEP_TURNS)
        wait = cache.incr(key) * interval - now
        if wait <= 0:  # Nobody has waited for a while.
            cache.set(key, int(now / interval) + 1, timeout=KEEP_TURNS)
        return max(wait, 0.0)

    def is_used_up(self, subject: str = "") -> bool:
        """Tell whether one more would be too many, without counting it."""
        return bool(cache.get(self._key(subject), 0) >= self.count)

    def _key(self, subject: str) -> str:
        window = int(time.time() // self.seconds)
        return f"limit:{self.name}:{window}:{keyed_hash(subject, purpose='limits')}"

    @property
    def retry_after(self) -> int:
        """Seconds until the next window."""
        return self.seconds - int(time.time() % self.seconds)


IPV6_CUSTOMER_PREFIX = 64  # The smallest block that providers give: one client owns all of it.


def client_address(request: HttpRequest) -> str:
    """The address of the client: of an IPv6 address its /64, and empty where the server knows none.

    Each of the `TRUSTED_PROXIES` in front of the server appends the address that it was called from to
    `X-Forwarded-For`, so the client stands that many places from the end. What stands further left the client
    wrote itself.
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
    """Some proxies write `203.0.113.5:51234`, `[2001:db8::1]:443` or `[2001:db8::1]`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _colon, port = address.rpartition(":")
    return host if port.isdecimal() and host and ":" not in host else address
