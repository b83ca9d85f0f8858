"""News on the pages of regions, campaigns and countries, and on the front page."""

from datetime import date

import pytest
from django.test import Client

from campaigns.choices import Topic
from news.models import NewsIndexPage
from news.templatetags.news_tags import FEW
from record.choices import Region
from regions.models import RegionPage
from tests import factories
from tests.html import Element, parse


def news_on(client: Client, address: str) -> Element | None:
    """Return the section of news on the page."""
    for section in parse(client.get(address).text).find("main").find_all("section"):
        if section.get("aria-labelledby") == "site-news":
            return section
    return None


@pytest.fixture(autouse=True)
def written(news_index: NewsIndexPage) -> None:
    country = factories.CountryFactory.create(iso3="KEN", name_en="Kenya", region=Region.AFRICA)
    factories.CountryPageFactory.create(
        parent=RegionPage.objects.get(region=Region.AFRICA), country=country
    )
    for title, countries, fields in (
        ("Of Kenya", [country], {}),
        ("Of Europe", [], {"regions": [Region.EUROPE]}),
        ("Of elections", [], {"topics": [Topic.ELECTIONS]}),
    ):
        page = factories.ArticlePageFactory.create(parent=news_index, title=title, **fields)
        page.countries = countries
        page.save()


@pytest.mark.parametrize(
    ("address", "title", "more"),
    [
        ("/where-we-work/europe/", "Of Europe", "/news/?region=europe"),
        ("/where-we-work/africa/", "Of Kenya", "/news/?region=africa"),
        ("/where-we-work/africa/kenya/", "Of Kenya", "/news/?country=KEN"),
        ("/campaigns/elections/", "Of elections", "/news/?campaign=elections"),
    ],
)
def test_a_page_shows_the_news_about_it_and_the_way_to_more(
    client: Client, address: str, title: str, more: str
) -> None:
    section = news_on(client, address)
    assert section is not None
    links = section.find_all("a")
    assert links[0].text == title
    assert links[-1]["href"] == more
    assert len(links) == 2
    assert client.get(more).status_code == 200


def test_without_news_there_is_no_heading_for_them(client: Client) -> None:
    assert news_on(client, "/where-we-work/americas/") is None
    assert news_on(client, "/campaigns/icc-budget/") is None


def test_the_front_page_shows_the_newest_of_all(client: Client, news_index: NewsIndexPage) -> None:
    for number in range(FEW):
        factories.ArticlePageFactory.create(
            parent=news_index, title=f"Later {number}", date=date(2026, 2, 1 + number)
        )
    section = news_on(client, "/")
    assert section is not None
    shown = [heading.text for heading in section.find_all("h3")]
    assert shown == [f"Later {number}" for number in reversed(range(FEW))]
    assert section.find_all("a")[-1]["href"] == "/news/"
