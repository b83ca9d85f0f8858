"""Records whether a call to a provider's API has begun to leave this machine.

What went wrong before that is known not to have been sent, whatever the exception is called: a setting of the wrong
type, a message that cannot be written, an account without credentials.
"""

from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

BEFORE_CALL_OF_AMAZON = "before-send.sesv2.*"


class Departure:
    """`has_begun` since the last `expect`; True as well where the way of the mail cannot be watched."""

    def __init__(self) -> None:
        self.has_begun = False
        self._can_tell = False

    def watch(self, connection: Any) -> None:
        """Watch a backend of django-anymail that was just opened, whichever library it asks over."""
        session, client = getattr(connection, "session", None), getattr(connection, "client", None)
        self._can_tell = True
        if isinstance(session, requests.Session):
            for scheme in ("https://", "http://"):
                session.mount(scheme, _WatchedAdapter(self.begin))
        elif client is not None and hasattr(client, "meta"):
            client.meta.events.register(BEFORE_CALL_OF_AMAZON, self.begin)
        else:
            self._can_tell = False

    def expect(self) -> None:
        """Forget what left before."""
        self.has_begun = not self._can_tell

    def begin(self, **_event: object) -> None:
        """Note that a request is about to be written to a connection."""
        self.has_begun = True


class _WatchedAdapter(HTTPAdapter):
    """Calls back when a request is prepared and its pool is asked for a connection."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        ask = type(pool).urlopen

        def urlopen(*args: Any, **options: Any) -> Any:
            self._begin()
            return ask(pool, *args, **options)

        pool.urlopen = urlopen
        return pool
