"""Link checks never request internal addresses, and never take long."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsletter.mailings import link_checks, public_web

INNER = [
    "0.0.0.0",  # noqa: S104
    "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1",
    "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "100::1", "2001::7f00:1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
    "5f00::1", "fc00::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff0e::1", "no number",
]  # fmt: skip


class Recorder(BaseHTTPRequestHandler):
    """An internal server, which must never be requested."""

    requested: list[str] = []

    def do_GET(self) -> None:
        self.requested.append(f"{self.headers['Host']}{self.path}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Keep the terminal free for the tests."""


@pytest.fixture
def inner() -> Iterator[int]:
    """Return the port of a local server that records requests."""
    Recorder.requested = []
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


Names = Callable[[dict[str, list[str]]], None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Fake DNS: each name resolves to its addresses in turn, then always to the last."""

    def answer(numbers: dict[str, list[str]]) -> None:
        def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
            known = numbers.get(host)
            number = host if known is None else known.pop(0) if len(known) > 1 else known[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return answer


@pytest.mark.parametrize("number", INNER)
def test_addresses_that_are_not_public(number: str) -> None:
    assert not public_web.is_public(number)


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450::1"])
def test_addresses_that_are_public(number: str) -> None:
    assert public_web.is_public(number)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}\\@public.example/../admin/secret",
        "http://public.example\\@127.0.0.1:{port}/",
        "http://public.example@127.0.0.1:{port}/",
        "http://user:word@public.example/",
        "http://127.0.0.1:{port}/\t@public.example/",
        "http://public.example\n.127.0.0.1/",
        "http://public.example\x00@127.0.0.1/",
        " http://127.0.0.1:{port}/",
        "http://public.example:{port}/",
        "https://public.example:80/",
        "http://public.example:22/",
        "http://１２７.0.0.1:80/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1%25lo]/",
        "http://[::1/",
        "javascript:alert(1)",
    ],
)
def test_ambiguous_urls_are_refused(inner: int, names: Names, address: str) -> None:
    names({"public.example": ["93.184.215.14"]})
    with pytest.raises(public_web.NotPublicError):
        public_web.status_of(address.format(port=inner), seconds=2)
    assert Recorder.requested == []


def test_a_name_with_changing_addresses_is_resolved_once(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []

    def connect(address: Any, *args: Any) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    names({"public.example": ["93.184.215.14", "127.0.0.1"]})
    with pytest.raises(ConnectionRefusedError):
        public_web.status_of("http://public.example/", seconds=2)
    assert connected == [("93.184.215.14", 80)]


def test_a_name_with_one_internal_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80))
        for number in ("93.184.215.14", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(public_web.NotPublicError):
        public_web.status_of("http://public.example/", seconds=2)


class Leading(Recorder):
    """Redirects to the URL in the path."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path.removeprefix("/"))
        self.end_headers()


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@public.example/",
        "http://rebound.example/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::1/",
    ],
)
def test_redirects_are_checked_by_the_same_rules(
    inner: int, names: Names, settings: Any, target: str
) -> None:
    names({"rebound.example": ["127.0.0.1"]})
    server = HTTPServer(("127.0.0.1", 0), Leading)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
    try:
        with pytest.raises((public_web.NotPublicError, ValueError)):
            public_web.status_of(
                f"{settings.SITE_URL}/{target.format(port=inner)}".replace("\\", "%5C"), seconds=5
            )
    finally:
        server.shutdown()
        server.server_close()
    assert Recorder.requested == []


@pytest.fixture(
    params=[b"HTTP/1.1 200 OK\r\nX-Slow: ", b"\x16\x03\x03\x3f\xff"], ids=["http", "https"]
)
def dripping(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """Start a server that sends a byte every twentieth of a second, endlessly."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        while not ended.is_set():
            try:
                client, _address = listening.accept()
            except OSError:
                return
            with closing(client):
                for byte in request.param + b"x" * 10_000:
                    if ended.is_set():
                        return
                    try:
                        client.send(bytes([byte]))
                    except OSError:
                        break
                    sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    scheme = request.node.callspec.id
    settings.SITE_URL = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
    yield settings.SITE_URL
    ended.set()
    listening.close()


def test_a_slow_response_is_cut_off_at_the_deadline(dripping: str) -> None:
    began = monotonic()
    with pytest.raises(public_web.TooSlowError):
        public_web.status_of(f"{dripping}/", seconds=0.4)
    assert 0.35 < monotonic() - began < 10


def test_slow_responses_do_not_hold_up_the_job(
    dripping: str, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_checks, "LINK_SECONDS", 60.0)
    monkeypatch.setattr(link_checks, "ALL_SECONDS", 0.4)
    began = monotonic()
    assert link_checks.check([f"{dripping}/{number}" for number in range(20)]) == []
    assert monotonic() - began < 10


@pytest.fixture
def https_site(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Return the port of a server with a trusted certificate for `site.example`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "site.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setattr(certifi, "where", lambda: str(file))
    Recorder.requested = []
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_certificate_is_checked_against_the_name(
    https_site: int, settings: Any, names: Names
) -> None:
    """The connection goes to an IP address, but the certificate is checked against the name."""
    names({"site.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    settings.SITE_URL = f"https://site.example:{https_site}"
    assert public_web.status_of(f"{settings.SITE_URL}/é?q=ü", seconds=10) == 200
    assert Recorder.requested == [f"site.example:{https_site}/%C3%A9?q=%C3%BC"]
    settings.SITE_URL = f"https://other.example:{https_site}"
    with pytest.raises(ssl.SSLCertVerificationError):
        public_web.status_of(f"{settings.SITE_URL}/", seconds=10)
