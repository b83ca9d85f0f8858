"""Metadata of pages for search engines and for people who share them."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, Site

from core.models import CoalitionImage, SiteSettings, SocialLink
from home.models import HomePage
from regions.models import RegionPage


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = "https://www.example.org"


def attributes(html: str, tag: str) -> list[dict[str, str]]:
    """Return the attributes of each such tag."""
    tags = re.findall(rf"<{tag}\b([^>]*)>", html)
    return [
        {name: unescape(value) for name, value in re.findall(r'([\w:-]+)="([^"]*)"', text)}
        for text in tags
    ]


def meta(html: str, name: str) -> str | None:
    for attrs in attributes(html, "meta"):
        if name in (attrs.get("name"), attrs.get("property")):
            return attrs["content"]
    return None


def links(html: str, rel: str) -> list[dict[str, str]]:
    return [attrs for attrs in attributes(html, "link") if attrs.get("rel") == rel]


def translations(html: str) -> list[dict[str, str]]:
    """Return the links to the page in other languages, without links to feeds."""
    return [link for link in links(html, "alternate") if "hreflang" in link]


def structured_data(html: str) -> Any:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)["@graph"]


def test_canonical_link_has_the_site_address_and_no_query(
    client: Client, site_tree: HomePage
) -> None:
    html = client.get("/where-we-work/europe/?utm_source=mail").text
    (link,) = links(html, "canonical")
    assert link["href"] == "https://www.example.org/where-we-work/europe/"
    assert meta(html, "og:url") == link["href"]


def test_description_is_the_summary_unless_staff_wrote_one(
    client: Client, site_tree: HomePage
) -> None:
    page = RegionPage.objects.get(region="europe")
    page.summary = 'Six "words" & a <tag>'
    page.save()
    assert meta(client.get(page.url).text, "description") == 'Six "words" & a <tag>'
    page.search_description = "Written for search engines"
    page.save()
    assert meta(client.get(page.url).text, "description") == "Written for search engines"


def test_translations_name_each_other(client: Client, site_tree: HomePage) -> None:
    html = client.get("/").text
    assert translations(html) == []
    _translate(site_tree, "ar")
    for address in ("/", "/ar/"):
        html = client.get(address).text
        assert {link["hreflang"]: link["href"] for link in translations(html)} == {
            "en": "https://www.example.org/",
            "ar": "https://www.example.org/ar/",
            "x-default": "https://www.example.org/",
        }


def test_copy_in_another_language_names_its_original(client: Client, site_tree: HomePage) -> None:
    _translate(site_tree, "fr")
    section = RegionPage.objects.first().get_parent()
    _translate(section, "fr", alias=True)
    html = client.get("/fr/where-we-work/").text
    assert links(html, "canonical")[0]["href"] == "https://www.example.org/where-we-work/"
    assert translations(html) == []


def test_shared_page_shows_its_picture_or_that_of_the_site(
    client: Client, site_tree: HomePage
) -> None:
    assert meta(client.get("/").text, "og:image") is None
    of_site, of_page = (
        CoalitionImage.objects.create(
            title=title, file=get_test_image_file(f"{title}.png", size=(1300, 700))
        )
        for title in ("site", "page")
    )
    SiteSettings.objects.create(site=Site.objects.get(), social_image=of_site)
    RegionPage.objects.filter(region="europe").update(social_image=of_page)

    address = meta(client.get("/").text, "og:image")
    assert address
    assert address.startswith("https://www.example.org/media/images/site")
    html = client.get("/where-we-work/europe/").text
    assert "/media/images/page" in (meta(html, "og:image") or "")
    assert (meta(html, "og:image:width"), meta(html, "og:image:height")) == ("1200", "630")
    assert meta(html, "twitter:card") == "summary_large_image"


def test_picture_whose_file_is_lost_breaks_no_page(client: Client, site_tree: HomePage) -> None:
    image = CoalitionImage.objects.create(title="lost", file="lost.png", width=1300, height=700)
    RegionPage.objects.filter(region="europe").update(social_image=image)
    response = client.get("/where-we-work/europe/")
    assert response.status_code == 200
    assert meta(response.text, "og:image") is None


def test_front_page_says_who_runs_the_site(client: Client, site_tree: HomePage) -> None:
    settings = SiteSettings.objects.create(
        site=Site.objects.get(), organisation_name="Coalition", address="New York"
    )
    SocialLink.objects.create(settings=settings, network="x", url="https://x.com/example")
    organisation, website = structured_data(client.get("/").text)
    assert (organisation["@type"], organisation["name"]) == ("Organization", "Coalition")
    assert organisation["address"] == "New York"
    assert organisation["sameAs"] == ["https://x.com/example"]
    assert website["@type"] == "WebSite"
    assert website["publisher"]["@id"] == organisation["@id"]


def test_other_pages_link_to_them(client: Client, site_tree: HomePage) -> None:
    (crumbs,) = structured_data(client.get("/where-we-work/europe/").text)
    assert crumbs["@type"] == "BreadcrumbList"
    assert [item["item"] for item in crumbs["itemListElement"]] == [
        "https://www.example.org/",
        "https://www.example.org/where-we-work/",
        "https://www.example.org/where-we-work/europe/",
    ]


def test_no_title_breaks_out_of_the_structured_data(client: Client, site_tree: HomePage) -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    RegionPage.objects.filter(region="europe").update(title=title, draft_title=title)
    html = client.get("/where-we-work/europe/").text
    assert "<script>alert" not in html
    (crumbs,) = structured_data(html)
    assert crumbs["itemListElement"][-1]["name"] == title


def test_missing_page_is_not_for_search_engines(client: Client, site_tree: HomePage) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert links(response.text, "canonical") == []


def _translate(page: Page, code: str, *, alias: bool = False) -> None:
    locale, _ = Locale.objects.get_or_create(language_code=code)
    copy = page.copy_for_translation(locale, copy_parents=True, alias=alias)
    Page.objects.filter(pk=copy.pk).update(live=True)
