"""The page that documents the API."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from home.models import HomePage
from tests.html import parse
from tracker.api.contract import api
from tracker.api.problems import TYPES
from tracker.api.schemas import CountryList

ADDRESS = "/api/v1/docs"


@pytest.fixture
def page(client: Client, site_tree: HomePage) -> Any:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return parse(response.text)


def test_every_operation_and_parameter_is_described(page: Any) -> None:
    codes = {code.text for code in page.find_all("code")}
    for path, operation in api.get_openapi_schema()["paths"].items():
        assert f"GET {path}" in codes
        assert {parameter["name"] for parameter in operation["get"]["parameters"]} <= codes


def test_every_problem_has_its_place(page: Any) -> None:
    anchors = {heading.get("id") for heading in page.find_all("h3")}
    assert {kind.slug for kind in TYPES} <= anchors


def test_every_link_in_the_page_leads_somewhere(page: Any) -> None:
    links = [link["href"] for link in page.find("main").find_all("a")]
    anchors = {tag.get("id") for name in ("h2", "h3") for tag in page.find_all(name)}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors


def test_it_cites_as_the_pages_do(page: Any, client: Client) -> None:
    answer = client.get("/api/v1/").json()
    told = page.find("main").text
    assert answer["terms"] in told
    assert answer["citation"] in told


def test_the_examples_match_the_responses() -> None:
    paths = api.get_openapi_schema()["paths"]
    answer = paths["/api/v1/countries"]["get"]["responses"]["200"]
    CountryList.model_validate(answer["content"]["application/json"]["example"])


def test_no_script_and_no_style_of_others(client: Client, site_tree: HomePage) -> None:
    html = client.get(ADDRESS).text
    assert "cdn" not in html
    scripts = parse(html).find_all("script")
    assert all(script.get("src", "/").startswith("/") for script in scripts)


def test_it_is_in_english_alone(client: Client, site_tree: HomePage) -> None:
    home = site_tree.copy_for_translation(Locale.objects.get(language_code="fr"))
    Page.objects.filter(pk=home.pk).update(live=True)
    html = client.get(ADDRESS).text
    assert 'hreflang="fr" href=' not in html.partition("</head>")[0]
    french = [link for link in parse(html).find_all("a") if link.get("lang") == "fr"]
    assert [link["href"] for link in french] == ["/fr/"]
