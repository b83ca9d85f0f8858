"""Link checks, against a local server in place of the site's own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from newsletter.mailings import link_checks


class Pages(BaseHTTPRequestHandler):
    """Answers `/<status>` with that status; `/to/<url>` redirects to it, and `/loop` to itself."""

    def do_GET(self) -> None:
        word = self.path.removeprefix("/")
        if word.startswith("to/"):
            self._lead(word.removeprefix("to/"))
        elif word == "loop":
            self._lead("/loop")
        else:
            self.send_response(int(word))
            self.end_headers()

    def _lead(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Keep the terminal free for the tests."""


@pytest.fixture
def site(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
    yield settings.SITE_URL
    server.shutdown()
    server.server_close()


def status_of(url: str) -> int:
    [answer] = link_checks.check([url])
    return answer.status


@pytest.mark.parametrize("status", [200, 204, 404, 500])
def test_a_url_answers_with_its_status(site: str, status: int) -> None:
    assert status_of(f"{site}/{status}") == status


def test_redirects_are_followed(site: str) -> None:
    assert status_of(f"{site}/to//404") == 404
    assert status_of(f"{site}/to//200") == 200


def test_redirects_end(site: str) -> None:
    [answer] = link_checks.check([f"{site}/loop"])
    assert (answer.status, answer.error) == (0, "TooManyRedirectsError")


def test_an_unreachable_server_is_reported(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    [answer] = link_checks.check(["http://127.0.0.1:9/page"])
    assert not answer.works
    assert answer.error == "ConnectionRefusedError"


@pytest.mark.parametrize(
    "inner",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0:1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "http://",
        "not an address",
        "http://127.0.0.1:port/",
    ],
)
def test_internal_addresses_are_never_requested(site: str, inner: str) -> None:
    """Neither directly nor after a redirect."""
    for url in (inner, f"{site}/to/{inner}"):
        [answer] = link_checks.check([url])
        if url == inner or "://" in inner:
            assert answer.status == 0, url
            assert not answer.works


def test_answers_are_shared(site: str) -> None:
    url = f"{site}/200"
    assert link_checks.known_answers([url]) == {}
    link_checks.check([url])
    assert link_checks.known_answers([url, f"{site}/404"])[url].status == 200
