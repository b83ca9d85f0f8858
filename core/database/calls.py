"""Which threads of this process wait for an answer of the database, and since when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from time import monotonic
from typing import Any


class Calls:
    """The calls that are under way. An instance is an execute wrapper, as Django's connections take them."""

    def __init__(self) -> None:
        self._began: dict[int, float] = {}

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        with self.waiting():
            return execute(sql, params, many, context)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count what runs inside as a call of this thread."""
        thread = get_ident()
        self._began[thread] = monotonic()
        try:
            yield
        finally:
            self._began.pop(thread, None)

    def count_longer_than(self, seconds: float) -> int:
        """Return how many calls have waited longer than `seconds`."""
        latest = monotonic() - seconds
        return sum(began < latest for began in list(self._began.values()))


calls = Calls()
