"""Reports what a page must not do in a browser: request another host, violate the security policy, or log an error."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

OUR_SCHEMES = {"about", "blob", "data"}
OUR_HOSTS = {"127.0.0.1", "localhost"}


@dataclass
class Watch:
    """The complaints about the pages of one browser context, in order of occurrence."""

    complaints: list[str] = field(default_factory=list)
    _visited: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._check_request)
        context.on("console", self._check_message)
        context.on("weberror", self._check_error)

    def forgive(self, words: str) -> None:
        """Remove the complaints that contain `words`, since the test caused them on purpose."""
        self.complaints = [line for line in self.complaints if words not in line]

    def _check_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OUR_SCHEMES and address.hostname not in OUR_HOSTS:
            self.complaints.append(f"called another host: {request.url}")
        if request.is_navigation_request():
            self._visited.add(request.url)

    def _check_message(self, message: ConsoleMessage) -> None:
        # A page that responds 404 on purpose is no error: the test checks its status.
        is_status = message.text.startswith("Failed to load resource")
        if message.type != "error" or (is_status and message.location["url"] in self._visited):
            return
        self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _check_error(self, error: WebError) -> None:
        self.complaints.append(f"script error: {error.error}")


def report(watches: Iterable[Watch]) -> str:
    return "\n".join(line for watch in watches for line in watch.complaints)
