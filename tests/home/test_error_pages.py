"""The pages that visitors see when a page is missing or the site fails."""

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from home.models import HomePage
from tests.html import parse


def test_a_missing_page_offers_the_search_and_the_menu(client: Client, site_tree: HomePage) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    html = parse(response.text)
    assert html.find("h1").text == "Page not found"
    assert html.find("main").find("form")["action"] == "/search/"
    assert "Where we work" in html.find("nav").text


def test_a_failure_has_a_page_of_its_own(
    client: Client, site_tree: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(HomePage, "serve", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert parse(response.text).find("h1").text == "Something went wrong on our side"


def test_the_page_of_a_failure_needs_neither_database_nor_hashed_names(
    settings: pytest.FixtureRequest, rf: RequestFactory
) -> None:
    """This test has no access to the database: a query would fail it. There is no manifest of static files either."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "OPTIONS": {"location": "/nowhere"},
        }
    }
    html = parse(server_error(rf.get("/")).content.decode())
    assert html.find("link")["href"] == "/static/css/site.css"
    assert html.find("a")["href"] == "/"


def test_the_page_of_a_failure_speaks_the_visitors_direction(rf: RequestFactory) -> None:
    with translation.override("ar"):
        html = parse(server_error(rf.get("/ar/")).content.decode()).find("html")
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    assert html.find("a")["href"] == "/ar/"
