"""How often something may happen, counted in the cache that all workers share.

When the cache does not answer, the error goes up and nothing is sent: a sign-up without limits would let a stranger
send mail to anybody through this site, which is worse than a form that says "try again later".
"""

import time
from dataclasses import dataclass

from django.core.cache import cache

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
