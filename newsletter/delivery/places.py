"""Which of a worker's threads have a connection to the mail server.

Many servers take a few connections at a time and refuse further ones. Such a refusal says that there are enough, and
not that the server is gone, as long as another thread has a connection.
"""

import threading

from .transports.interface import ServerUnavailable, Transport


class Places:
    """Counts threads that are connecting, and threads that are connected."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.connecting = 0
        self.connected = 0


class Place:
    """One thread's part in it."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._is_taken = False

    def take(self, transport: Transport) -> ServerUnavailable | None:
        """Connect, unless this thread is connected. None when mail can be sent."""
        if self._is_taken:
            return None
        self._count(connecting=1)
        try:
            refusal = transport.open()
            self._is_taken = refusal is None
            return refusal
        finally:
            self._count(connecting=-1, connected=int(self._is_taken))

    def give_up(self) -> None:
        """Note that this thread's connection is lost. Harmless where there was none."""
        if self._is_taken:
            self._is_taken = False
            self._count(connected=-1)

    def others_have_one(self) -> bool:
        """Whether any thread is connected, once it is known of those that are just connecting."""
        places = self._places
        with places.changed:
            places.changed.wait_for(lambda: places.connected or not places.connecting)
            return places.connected > 0

    def _count(self, *, connecting: int = 0, connected: int = 0) -> None:
        with self._places.changed:
            self._places.connecting += connecting
            self._places.connected += connected
            self._places.changed.notify_all()
