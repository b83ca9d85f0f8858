"""What a worker holds: a bounded number of bytes, the least recently used page leaves first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from .cached_page import CachedPage


class PageStore:
    """Pages by key, at most `max_bytes` of them in all. Safe among threads.

    `generation` counts the drops. A page is kept only if the generation that its request began with is
    still the present one.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self.generation = 0
        self._pages: OrderedDict[Hashable, CachedPage] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> CachedPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: CachedPage, *, generation: int) -> bool:
        """Keep the page, unless what it shows may have changed since `generation`. Tells whether it is kept."""
        with self._lock:
            if generation != self.generation or page.size > self.max_bytes:
                return False
            self._forget(key)
            self._pages[key] = page
            self.size += page.size
            while self.size > self.max_bytes:
                self._forget(next(iter(self._pages)))
            return True

    def drop(self) -> None:
        """Forget every page, and every page that is being rendered."""
        with self._lock:
            self.generation += 1
            self._pages.clear()
            self.size = 0

    def _forget(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size -= page.size
