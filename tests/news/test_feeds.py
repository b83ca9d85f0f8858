"""The feeds of the news. RFC 4287."""

from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from core.feeds import MOST_ENTRIES
from news.models import NewsIndexPage
from record.choices import Region
from tests import factories
from tests.core.test_metadata import links

ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES = 7


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = "https://www.example.org"


@pytest.fixture
def written(news_index: NewsIndexPage) -> None:
    for title, region, day in (("Old", Region.AFRICA, 1), ("New", Region.EUROPE, 2)):
        factories.ArticlePageFactory.create(
            parent=news_index,
            title=title,
            summary=f"{title} & <true>",
            author="An author",
            regions=[region],
            date=date(2026, 4, day),
            first_published_at=datetime(2026, 5, day, tzinfo=UTC),
            last_published_at=datetime(2026, 6, day, tzinfo=UTC),
        )


def read(client: Client, address: str) -> ET.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content)  # noqa: S314 - our own answer.


def texts(feed: ET.Element, name: str) -> list[str | None]:
    return [entry.findtext(ATOM + name) for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.usefixtures("written")
def test_it_tells_the_newest_first(client: Client) -> None:
    feed = read(client, "/news/feed.atom")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert texts(feed, "title") == ["New", "Old"]
    assert texts(feed, "summary") == ["New & <true>", "Old & <true>"]
    assert texts(feed, "published") == ["2026-05-02T00:00:00+00:00", "2026-05-01T00:00:00+00:00"]
    assert texts(feed, "updated") == ["2026-06-02T00:00:00+00:00", "2026-06-01T00:00:00+00:00"]
    assert feed.findtext(f"{ATOM}updated") == "2026-06-02T00:00:00+00:00"
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "An author"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").startswith("https://www.example.org/news/")
    terms = [category.get("term") for category in entry.findall(f"{ATOM}category")]
    assert terms == ["News", "Europe"]


@pytest.mark.usefixtures("written")
def test_it_names_itself_and_the_page_of_which_it_is_the_feed(client: Client) -> None:
    feed = read(client, "/news/africa/feed.atom")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://www.example.org/news/africa/feed.atom",
        "alternate": "https://www.example.org/news/?region=africa",
    }
    assert texts(feed, "title") == ["Old"]


@pytest.mark.usefixtures("written")
def test_ids_stay_when_titles_and_addresses_change(
    client: Client, news_index: NewsIndexPage
) -> None:
    before = texts(read(client, "/news/feed.atom"), "id")
    assert len({*before}) == 2
    news_index.slug = "press"
    news_index.save()
    assert texts(read(client, "/news/feed.atom"), "id") == before


@pytest.mark.parametrize("region", ["mars", "AFRICA", "africa-", "x" * 300])
def test_an_unknown_region_is_missing(
    client: Client, news_index: NewsIndexPage, region: str
) -> None:
    assert client.get(f"/news/{region}/feed.atom").status_code == 404


def test_an_empty_feed_is_a_feed(client: Client, news_index: NewsIndexPage) -> None:
    assert texts(read(client, "/news/feed.atom"), "title") == []


def test_each_language_has_its_own(
    client: Client, written: None, news_index: NewsIndexPage
) -> None:
    arabic = Locale.objects.get(language_code="ar")
    article = news_index.get_children().get(title="New").specific
    for page in (news_index.get_parent().specific, news_index, article):
        copy = page.copy_for_translation(arabic)
        copy.title = f"عربي {page.title}"
        copy.save_revision().publish()
    feed = read(client, "/ar/news/feed.atom")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert texts(feed, "title") == ["عربي New"]
    assert texts(read(client, "/news/feed.atom"), "title") == ["New", "Old"]


def test_many_articles_cost_no_more(
    client: Client, written: None, news_index: NewsIndexPage
) -> None:
    read(client, "/news/feed.atom")
    with CaptureQueriesContext(connection) as before:
        read(client, "/news/feed.atom")
    for _ in range(MOST_ENTRIES):
        factories.ArticlePageFactory.create(parent=news_index)
    with CaptureQueriesContext(connection) as after:
        feed = read(client, "/news/feed.atom")
    assert len(texts(feed, "title")) == MOST_ENTRIES
    assert len(after) == len(before) <= QUERIES, [query["sql"] for query in after]


@pytest.mark.parametrize(
    ("address", "feeds"),
    [
        ("/", ["/news/feed.atom"]),
        ("/news/", ["/news/feed.atom"]),
        ("/news/?region=africa", ["/news/feed.atom", "/news/africa/feed.atom"]),
        ("/where-we-work/europe/", ["/news/feed.atom", "/news/europe/feed.atom"]),
    ],
)
def test_pages_name_the_feed_that_follows_them(
    client: Client, news_index: NewsIndexPage, address: str, feeds: list[str]
) -> None:
    named = [
        link["href"]
        for link in links(client.get(address).text, "alternate")
        if link.get("type") == "application/atom+xml"
    ]
    assert named == feeds
