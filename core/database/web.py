"""The connections of web processes, which do not wait for a database that is silent."""

from .bounded import BoundedConnection
from .breaker import breaker

SUSPICIOUS = 1.0  # seconds of silence after which it is asked whether the database is there at all


class WebConnection(BoundedConnection):
    """Gives up as soon as the breaker knows that the database is gone, and has the breaker find out."""

    def is_given_up(self, silence: float) -> bool:
        if silence < SUSPICIOUS:
            return False
        if breaker.is_open:
            return True
        breaker.suspect()
        return super().is_given_up(silence)


def answered_within(seconds: float) -> type[WebConnection]:
    """Return the class of connections that give up after `seconds` even if the database answers others."""
    return type("WebConnection", (WebConnection,), {"patience": seconds})
