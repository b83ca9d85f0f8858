"""The backend that `ENGINE` names: Django's for PostgreSQL, which does not try to reach a database that is gone."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from .breaker import DatabaseUnavailableError, breaker
from .gate import calls


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(calls)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raise DatabaseUnavailableError at once while the database is known to be gone."""
        if breaker.is_open:
            raise DatabaseUnavailableError("The database cannot be reached.")
        try:
            with calls.waiting():  # A pool first checks whether the connection still answers.
                return super().get_new_connection(conn_params)
        except (
            psycopg.OperationalError
        ) as error:  # Also raised by a pool that timed out or was closed.
            breaker.suspect()
            raise DatabaseUnavailableError("The database cannot be reached.") from error
