"""The cache that all workers share unless `CACHE_URL` names a faster one: a table of PostgreSQL."""

import base64
import pickle
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction


class SharedDatabaseCache(DatabaseCache):
    """Django's table cache with atomic `add` and `incr`, which counters and single-use tokens need.

    Django's own `incr` reads and then writes, so concurrent requests count as one, and it restarts the timeout. Its own
    `add` lets two concurrent requests both set a key that has just expired.
    """

    _table: str

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store `value` unless the key exists. Return whether it was stored: True for one caller at most."""
        with transaction.atomic(using=self._database), self._cursor() as cursor:
            # Once the expired row is gone, the primary key lets only one caller insert.
            cursor.execute(
                f"DELETE FROM {self._quoted} WHERE cache_key = %s AND expires < now()",  # noqa: S608
                [self.make_and_validate_key(key, version=version)],
            )
        return bool(super().add(key, value, timeout, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add `delta` and return the sum, keeping the timeout. Raises ValueError if the key does not exist."""
        cache_key = self.make_and_validate_key(key, version=version)
        with transaction.atomic(using=self._database), self._cursor() as cursor:
            cursor.execute(
                f"SELECT value FROM {self._quoted} "  # noqa: S608
                "WHERE cache_key = %s AND expires >= now() FOR UPDATE",
                [cache_key],
            )
            row = cursor.fetchone()
            if row is None:
                raise ValueError(f"Key '{key}' not found")
            value: int = pickle.loads(base64.b64decode(row[0])) + delta  # noqa: S301 - the site's own.
            encoded = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
            cursor.execute(
                f"UPDATE {self._quoted} SET value = %s WHERE cache_key = %s",  # noqa: S608
                [encoded, cache_key],
            )
        return value

    @property
    def _database(self) -> str:
        return router.db_for_write(self.cache_model_class)

    @property
    def _quoted(self) -> str:
        return connections[self._database].ops.quote_name(self._table)

    def _cursor(self) -> Any:
        return connections[self._database].cursor()
