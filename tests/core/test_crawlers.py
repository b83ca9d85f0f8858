"""Information for search engines about the whole site."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from home.models import HomePage
from regions.models import RegionPage
from tests import factories

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = "https://www.example.org"


def entries(client: Client) -> dict[str, Any]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    urls = ET.fromstring(response.content)  # noqa: S314 - our own answer.
    return {url.findtext(f"{SITEMAP}loc") or "": url for url in urls}


def test_sitemap_lists_what_anybody_may_read(client: Client, site_tree: HomePage) -> None:
    factories.StandardPageFactory(parent=site_tree, slug="draft", live=False)
    private = factories.StandardPageFactory(parent=site_tree, slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    RegionPage.objects.filter(region="europe").update(last_published_at=timezone.now())

    urls = entries(client)
    assert "https://www.example.org/" in urls
    europe = urls["https://www.example.org/where-we-work/europe/"]
    assert europe.findtext(f"{SITEMAP}lastmod") == timezone.now().date().isoformat()
    assert not [url for url in urls if "draft" in url or "private" in url]
    assert "https://www.example.org/newsletter/" in urls
    assert "https://www.example.org/api/v1/docs" in urls
    assert "https://www.example.org/tracker/" in urls
    assert "https://www.example.org/tracker/report/" in urls
    assert len(urls) == 1 + 1 + 5 + 1 + 9 + 6


def test_sitemap_names_translations_once_they_are_published(
    client: Client, site_tree: HomePage
) -> None:
    home = site_tree.copy_for_translation(Locale.objects.get(language_code="ar"))
    assert not [address for address in entries(client) if "/ar/" in address]
    Page.objects.filter(pk=home.pk).update(live=True)
    urls = entries(client)
    for path in ("", "newsletter/", "tracker/"):
        english, arabic = (f"https://www.example.org/{prefix}{path}" for prefix in ("", "ar/"))
        for address in (english, arabic):
            links = urls[address].findall(f"{XHTML}link")
            assert {link.get("hreflang"): link.get("href") for link in links} == {
                "en": english,
                "ar": arabic,
            }


def test_sitemap_costs_the_same_for_many_pages(client: Client, site_tree: HomePage) -> None:
    Site.get_site_root_paths()
    with CaptureQueriesContext(connection) as before:
        entries(client)
    for number in range(30):
        factories.StandardPageFactory(parent=site_tree, slug=f"page-{number}")
    with CaptureQueriesContext(connection) as after:
        assert len(entries(client)) == 53
    assert len(after) == len(before) <= 7


def test_robots_txt_names_the_sitemap(client: Client, db: None) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert "Sitemap: https://www.example.org/sitemap.xml" in response.text
    assert "Disallow: /admin/" in response.text
