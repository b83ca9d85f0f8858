"""The memory of a worker, which empties when the content of pages changes: whole pages, and values that they share."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar, cast

from .cached_page import CachedPage
from .listener import ChangeListener

T = TypeVar("T")
MISSING = object()


class WorkerMemory:
    """The memory of a worker, and the listener that empties it."""

    def __init__(self, *, max_bytes: int) -> None:
        self.pages = PageStore(max_bytes=max_bytes)
        self.listener = ChangeListener(self.forget)
        self._facts: dict[Hashable, Any] = {}
        self._lock = Lock()

    def forget(self) -> None:
        with self._lock:
            self.pages.drop()
            self._facts.clear()

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of `make` since the last change. It is kept on the same conditions as a page."""
        if not self.listener.is_listening():
            return make()
        generation = self.pages.generation
        fact = self._facts.get(key, MISSING)
        if fact is not MISSING:
            return cast("T", fact)
        fact = make()
        with self._lock:
            if generation == self.pages.generation:
                self._facts[key] = fact
        return fact


_of_this_request: ContextVar[WorkerMemory | None] = ContextVar("worker_memory", default=None)
_is_incomplete: ContextVar[bool] = ContextVar("is_incomplete", default=False)


def is_remembering() -> bool:
    """Return whether this request uses the memory: it comes from a visitor, and the page cache is on."""
    return _of_this_request.get() is not None


@contextmanager
def remembering(memory: WorkerMemory) -> Iterator[None]:
    """Let the block use the memory of the worker through `recall`."""
    token = _of_this_request.set(memory)
    incomplete = _is_incomplete.set(False)
    try:
        yield
    finally:
        _is_incomplete.reset(incomplete)
        _of_this_request.reset(token)


def note_missing_part() -> None:
    """Mark the response to this request as incomplete, so that it is not kept."""
    _is_incomplete.set(True)


def lacks_part() -> bool:
    """Return whether the response to this request is incomplete."""
    return _is_incomplete.get()


def recall(key: Hashable, make: Callable[[], T]) -> T:
    """Return the value of `make`, which each worker calls once until the content of pages changes.

    Use it for values that nearly every page shows and that no visitor chooses, so that there are few keys. Requests
    share the value: never change it. Outside a visitor's request `make` is called each time.
    """
    memory = _of_this_request.get()
    return make() if memory is None else memory.recall(key, make)


class PageStore:
    """Pages by key, of at most `max_bytes` in total. Thread-safe.

    `generation` counts the drops. A page is kept only if the generation has not changed since its request began.
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
        """Keep the page unless its content may have changed since `generation`. Return whether it is kept."""
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
        """Remove all pages, and reject those that are being rendered."""
        with self._lock:
            self.generation += 1
            self._pages.clear()
            self.size = 0

    def _forget(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size -= page.size
