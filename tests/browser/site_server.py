"""Serves the site on loopback, by the application that production serves."""

from threading import Thread
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings


class QuietRequestHandler(WSGIRequestHandler):
    """Logs no requests, since a failing test shows the page itself."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by the standard library.
        pass


class SiteServer:
    """A threaded server on a free port. `SITE_URL` is its address until it stops.

    Its middleware is created when it starts, with the settings in `changed`.
    """

    def __init__(self, **changed: Any) -> None:
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), QuietRequestHandler)
        self._settings = override_settings(SITE_URL=self.address, **changed)
        self._settings.enable()
        self._server.set_app(get_wsgi_application())
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._settings.disable()
