"""Sessions in the shared cache and the database, looked up only by keys of the form that Django makes."""

import re

from django.contrib.sessions.backends import cached_db

KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(cached_db.SessionStore):
    """Treat any other key as no session.

    Django accepts every text of eight characters and more from the cookie. One with a NUL character makes PostgreSQL
    raise an error, and a long one is no valid key of the cache.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and KEY.fullmatch(key) is not None
