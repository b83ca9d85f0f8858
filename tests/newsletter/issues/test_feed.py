"""The feed of issues. RFC 4287."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from newsletter.models import IssueIndexPage
from tests import factories
from tests.core.test_metadata import links
from tests.news.test_feeds import ATOM, read, texts

from .conftest import SITE

pytestmark = pytest.mark.django_db

FEED = "/newsletter/issues/feed.atom"
QUERIES = 7


@pytest.fixture
def written(archive: IssueIndexPage) -> None:
    for title, day in (("Old", 1), ("New", 2)):
        factories.IssuePageFactory.create(
            parent=archive,
            title=title,
            slug=title.lower(),
            summary=f"{title} & <true>",
            date=date(2026, 4, day),
            first_published_at=datetime(2026, 5, day, tzinfo=UTC),
            last_published_at=datetime(2026, 6, day, tzinfo=UTC),
        )
    factories.IssuePageFactory.create(parent=archive, live=False)


@pytest.mark.usefixtures("written")
def test_newest_issues_come_first(client: Client) -> None:
    feed = read(client, FEED)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert texts(feed, "title") == ["New", "Old"]
    assert texts(feed, "summary") == ["New & <true>", "Old & <true>"]
    assert texts(feed, "published") == ["2026-05-02T00:00:00+00:00", "2026-05-01T00:00:00+00:00"]
    assert texts(feed, "updated") == ["2026-06-02T00:00:00+00:00", "2026-06-01T00:00:00+00:00"]
    entry = feed.find(f"{ATOM}entry/{ATOM}link")
    assert entry is not None
    assert entry.get("href") == f"{SITE}/newsletter/issues/new/"


@pytest.mark.usefixtures("written")
def test_it_links_to_itself_and_to_its_page(client: Client) -> None:
    feed = read(client, FEED)
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "self": SITE + FEED,
        "alternate": f"{SITE}/newsletter/issues/",
    }


@pytest.mark.usefixtures("written")
def test_it_has_the_time_of_its_last_change(client: Client) -> None:
    assert client.get(FEED)["Last-Modified"] == "Tue, 02 Jun 2026 00:00:00 GMT"


@pytest.mark.usefixtures("written")
def test_ids_stay_when_titles_and_addresses_change(client: Client, archive: IssueIndexPage) -> None:
    before = texts(read(client, FEED), "id")
    assert len({*before}) == 2
    archive.slug = "letters"
    archive.save()
    assert texts(read(client, FEED), "id") == before


def test_an_empty_feed_is_a_feed(client: Client, archive: IssueIndexPage) -> None:
    assert texts(read(client, FEED), "title") == []


def test_each_language_has_its_own(client: Client, written: None, archive: IssueIndexPage) -> None:
    arabic = Locale.objects.get(language_code="ar")
    issue = archive.get_children().get(title="New").specific
    for page in (archive.get_parent().specific, archive, issue):
        copy = page.copy_for_translation(arabic)
        copy.title = f"عربي {page.title}"
        copy.save_revision().publish()
    feed = read(client, f"/ar{FEED}")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert texts(feed, "title") == ["عربي New"]
    assert texts(read(client, FEED), "title") == ["New", "Old"]


def test_many_issues_take_no_more_queries(
    client: Client, written: None, archive: IssueIndexPage
) -> None:
    read(client, FEED)
    with CaptureQueriesContext(connection) as before:
        read(client, FEED)
    for _ in range(30):
        factories.IssuePageFactory.create(parent=archive)
    with CaptureQueriesContext(connection) as after:
        assert len(texts(read(client, FEED), "title")) == 30
    assert len(after) == len(before) <= QUERIES, [query["sql"] for query in after]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    "address", ["/newsletter/", "/newsletter/issues/", "/newsletter/issues/new/"]
)
def test_pages_link_to_the_feed(client: Client, address: str) -> None:
    named = [
        link["href"]
        for link in links(client.get(address).text, "alternate")
        if link.get("type") == "application/atom+xml"
    ]
    assert named == [FEED]
