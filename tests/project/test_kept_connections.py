"""A connection that the server promises to keep serves the next request. Under a real gunicorn."""

import http.client
from collections.abc import Iterator

import pytest

from tests.web_server import WebServer, web_server

pytestmark = pytest.mark.chaos

HEADERS = {"Host": "testserver"}


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with web_server(tmp_path_factory.mktemp("server") / "web.log") as server:
        yield server


def _chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1_000):
        yield b"x" * 1_000


@pytest.mark.parametrize("path", ["/healthz", "/robots.txt"])
@pytest.mark.parametrize("size", [1_000, 65_536, 70_000, 5_000_000])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_after_an_unread_body_the_next_request_is_answered(
    server: WebServer, path: str, size: int, is_chunked: bool
) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    body = _chunks(size) if is_chunked else b"x" * size
    client.request("POST", path, body=body, headers=HEADERS, encode_chunked=is_chunked)
    answer = client.getresponse()
    answer.read()
    assert answer.getheader("Connection") == "keep-alive"
    kept = client.sock
    client.request("GET", "/healthz", headers=HEADERS)
    assert client.getresponse().status == 200
    assert client.sock is kept


def test_a_body_too_long_to_be_read_ends_the_connection_and_the_answer_says_so(
    server: WebServer,
) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    client.putrequest("POST", "/healthz", skip_host=True)
    client.putheader("Host", "testserver")
    client.putheader("Content-Length", str(10**12))
    client.endheaders(b"x" * 1_000)
    answer = client.getresponse()
    assert (answer.status, answer.getheader("Connection")) == (200, "close")
