"""Headers of one client never change the pages that other visitors receive. Under a real gunicorn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from home.models import HomePage
from regions.models import RegionPage
from tests.html import parse
from tests.web_server import WebServer, web_server

from .conftest import eventually

pytestmark = pytest.mark.chaos

# Headers from which WSGI servers and frameworks are known to take a prefix or an address.
HOSTILE = [
    {"SCRIPT_NAME": "/where-we-work"},
    {"SCRIPT_NAME": "/evil"},
    {"SCRIPT_NAME": "nope"},
    {"Script-Name": "/evil"},
    {"PATH_INFO": "/"},
    {"SCRIPT_URL": "/evil/where-we-work/"},
    {"Script-Url": "/evil/where-we-work/"},
    {"REDIRECT_URL": "/evil/where-we-work/"},
    {"X-Script-Name": "/evil"},
    {"X-Forwarded-Prefix": "/evil"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Port": "666"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Original-URL": "/"},
    {"X-Rewrite-URL": "/"},
    {"Forwarded": "host=evil.example;proto=https"},
]


@pytest.fixture
def server(home: HomePage, region: RegionPage, tmp_path: Path) -> Iterator[WebServer]:
    with web_server(tmp_path / "web.log") as server:
        yield server


@pytest.fixture
def trusting_server(home: HomePage, tmp_path: Path) -> Iterator[WebServer]:
    """gunicorn with the option to trust the headers SCRIPT_NAME and PATH_INFO from this machine."""
    with web_server(tmp_path / "web.log", "--forwarder-headers=SCRIPT_NAME,PATH_INFO") as server:
        yield server


def _links(page: str) -> set[str]:
    return {link["href"] for link in parse(page).find_all("a") if link["href"].startswith("/")}


def _is_kept(server: WebServer, path: str) -> bool:
    return server.ask(path).getheader("ETag") is not None


def test_no_header_of_a_client_enters_the_page_that_others_get(server: WebServer) -> None:
    # Before any other request, since these pages would be cached with the values of the headers.
    for headers in HOSTILE:
        for path in ("/where-we-work/", "/where-we-work/africa/", "/"):
            answer = server.ask(path, headers=headers)
            assert answer.status == 200, headers
            assert "evil" not in answer.read().decode(), headers
    assert eventually(lambda: _is_kept(server, "/where-we-work/"), seconds=20)
    clean = server.page("/where-we-work/")
    for headers in HOSTILE:
        assert server.ask("/where-we-work/", headers=headers).read().decode() == clean
    assert server.page("/where-we-work/") == clean
    assert server.page("/") != clean
    links = {path for path in _links(clean) if path.startswith("/where-we-work/")}
    assert {server.ask(path).status for path in links} == {200}


def test_a_prefix_does_not_bypass_a_rule_of_the_proxy(server: WebServer) -> None:
    assert server.ask("/x/admin/", headers={"SCRIPT_NAME": "/x"}).status == 404


def test_the_site_refuses_a_prefix_that_the_server_accepts(trusting_server: WebServer) -> None:
    """Whoever overrides `gunicorn.conf.py`, or uses another server, gets a response that explains the mistake."""
    for path, prefix in (
        ("/where-we-work/", "/where-we-work"),
        ("/evil/", "/evil"),
        ("/x/admin/", "/x"),
    ):
        answer = trusting_server.ask(path, headers={"SCRIPT_NAME": prefix})
        assert answer.status == 400
        assert "SCRIPT_NAME must be empty" in answer.read().decode()
    assert eventually(lambda: _is_kept(trusting_server, "/where-we-work/"), seconds=20)
    assert trusting_server.page("/where-we-work/") != trusting_server.page("/")


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "SCRIPT_URL", "REDIRECT_URL"])
def test_django_itself_takes_no_prefix_from_the_server(name: str, rf: RequestFactory) -> None:
    environ = rf.get("/news/").environ | {name: "/evil/news/"}
    request = WSGIRequest(environ)
    assert (request.path, request.META["SCRIPT_NAME"]) == ("/news/", "")
