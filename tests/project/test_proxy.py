"""The proxy of the deployment: nginx from the system's packages, with the files in `proxy/`."""

import http.client
import json
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from benchmark.servers import free_port
from tests.content import hold_content
from tests.snapshots import DatabaseStates
from tests.web_server import web_server
from trials.proxy import proxy
from trials.slow_clients import SlowClients
from trials.slow_connections import PATHS, visits

pytestmark = pytest.mark.chaos

STAFF = "127.0.0.9"  # An address of this machine, like all that begin with 127.
FRONT = "127.0.0.8"  # A proxy that terminates TLS in front of this one.
TOKEN = "c2VjcmV0:1aBcDe:0123456789abcdefghijklmnopqrstuvwxyz"


class Echo(BaseHTTPRequestHandler):
    """Stands in for the site: responds with the request that it received."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = json.dumps({"path": self.path, "headers": headers, "body": len(body)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by the standard library
        pass


class Front:
    """The proxy and its log."""

    def __init__(self, port: int, tls_port: int, log: Path) -> None:
        self.port = port
        self.tls_port = tls_port
        self.log = log

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        source: str = "127.0.0.1",
        tls: bool = False,
    ) -> tuple[int, dict[str, Any]]:
        """Return the status and the request that the site received, which is empty if the proxy responded itself."""
        client: http.client.HTTPConnection
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            client = http.client.HTTPSConnection(
                "127.0.0.1", self.tls_port, context=context, timeout=30
            )
        else:
            client = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
            )
        client.request(
            method, path, body=body, headers={"Host": "www.example.org", **(headers or {})}
        )
        answer = client.getresponse()
        content = answer.read()
        client.close()
        return answer.status, json.loads(content) if answer.status == 200 else {}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("proxy")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost"),
            *("-days", "1", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    site = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
    tls_port = free_port()
    with proxy(
        site.server_port,
        folder / "nginx.log",
        PROXY_LISTEN_TLS=f"127.0.0.1:{tls_port}",
        PROXY_CERTIFICATE=str(certificate),
        PROXY_CERTIFICATE_KEY=str(key),
        PROXY_TRUSTED=FRONT,
        PROXY_ADMIN_ADDRESSES=f"{STAFF} 2001:db8::/32",
    ) as port:
        yield Front(port, tls_port, folder / "nginx.log")
    site.shutdown()


def test_slow_connections_delay_nobody(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    """A short version of the trial `slow_connections`, with more slow connections than the site has threads."""
    with django_db_blocker.unblock():
        hold_content(database_states)
    with (
        web_server(tmp_path / "web.log", TRUSTED_PROXIES="1") as server,
        proxy(server.port, tmp_path / "nginx.log") as port,
    ):
        for path in PATHS:  # The first request to a page takes longer in any case.
            server.page(path)
        with SlowClients(port, count=40, interval=1.0):
            visited = list(visits(port, host="testserver", seconds=6.0))
    assert len(visited) > 6
    assert {status for _, status in visited} == {200}
    assert max(seconds for seconds, _ in visited) < 1.0


@pytest.mark.parametrize(
    "path",
    ["/readyz", "/healthz", "//readyz", "/%72eadyz", "/x/../readyz", "/readyz?x", "/healthz/"],
)
def test_only_those_who_run_the_site_ask_how_it_is(front: Front, path: str) -> None:
    assert front.ask(path)[0] == 404


def test_a_client_writes_nothing_that_the_site_believes(front: Front) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.1",
        "X_Forwarded_For": "203.0.113.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "203.0.113.3",
        "Forwarded": "for=203.0.113.4;host=evil.example",
        "SCRIPT_NAME": "/evil",
        "PATH_INFO": "/evil",
        "REMOTE_USER": "admin",
    }
    status, reached = front.ask("/news/?page=2", headers=lies)
    assert (status, reached["path"]) == (200, "/news/?page=2")
    headers = reached["headers"]
    assert headers.pop("x-forwarded-for") == "127.0.0.1"
    assert headers.pop("x-forwarded-proto") == "http"
    assert headers.pop("host") == "www.example.org"
    assert not {name for name in headers if name.replace("_", "-").startswith(("x-", "forwarded"))}
    assert not {name for name in headers if "_" in name}
    assert "evil" not in json.dumps(headers)


def test_a_proxy_that_is_trusted_names_client_and_scheme(front: Front) -> None:
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.1", "X-Forwarded-Proto": "https"}
    _, reached = front.ask("/", headers=headers, source=FRONT)
    assert reached["headers"]["x-forwarded-for"] == "203.0.113.1"
    assert reached["headers"]["x-forwarded-proto"] == "https"


def test_the_site_knows_of_tls(front: Front) -> None:
    _, reached = front.ask("/", headers={"X-Forwarded-Proto": "http"}, tls=True)
    assert reached["headers"]["x-forwarded-proto"] == "https"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin",
        "/staff/sign-in/",
        "/fr/staff/sign-in/",
        "//admin/",
        "/%61dmin/",
        "/x/../admin/",
    ],
)
def test_the_admin_is_open_to_listed_addresses_only(front: Front, path: str) -> None:
    assert front.ask(path)[0] == 403
    assert front.ask(path, headers={"X-Forwarded-For": STAFF})[0] == 403
    assert front.ask(path, source=STAFF)[0] == 200
    client = {"X-Forwarded-For": STAFF}
    assert front.ask(path, source=FRONT, headers=client)[0] == 200


def test_bodies_have_a_limit(front: Front) -> None:
    assert front.ask("/newsletter/", method="POST", body=b"x" * 2_500_000)[1]["body"] == 2_500_000
    upload = b"x" * 4_000_000
    assert front.ask("/newsletter/", method="POST", body=upload)[0] == 413
    assert front.ask("/admin/images/add/", method="POST", body=upload, source=STAFF)[0] == 200


def _addresses_with_tokens(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + re.sub(r"^\^|\$$", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _addresses_with_tokens(pattern, address)
        elif isinstance(pattern, URLPattern) and re.search(r"<(str:)?(token|key)>", address):
            yield "/" + re.sub(r"<\w+:\w+>|\(\?P<\w+>.+?\)(?=[/-])", TOKEN, address)


def test_the_log_contains_no_address_no_query_and_no_token(front: Front) -> None:
    addresses = [*_addresses_with_tokens(), f"/search/?q={TOKEN}", f"/{TOKEN}@example.org/"]
    assert len(addresses) >= 7
    told = {"Referer": TOKEN, "User-Agent": TOKEN}
    for language, address in product(("", "/fr", "/ar"), addresses):
        assert front.ask(language + address, headers=told, source=STAFF)[0] == 200
    deadline = time.monotonic() + 10
    while front.log.read_text().count("/ar/newsletter/") < 4:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    log = front.log.read_text()
    assert TOKEN not in log
    assert TOKEN.split(":")[2] not in log
    assert "127.0.0." not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"/newsletter/confirm/...", "/fr/staff/password/new/...", "/search/"} <= {
        line["path"] for line in lines
    }
