"""The number of queries of each page, which must not grow with the amount of content."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from campaigns.choices import Topic
from campaigns.models import CampaignIndexPage
from core.page_cache.middleware import PageCacheMiddleware
from home.models import HomePage
from news.models import ArticlePage, ArticleSource, NewsIndexPage
from newsletter.models import IssueIndexPage
from record.choices import Action, Region, Treaty
from record.models import Country
from regions.choices import KeyFactKind
from regions.models import RegionIndexPage, RegionPage
from regions.services import create_missing_country_pages
from tests import factories
from tests.content import add_country, hold_content
from tests.core.page_cache.conftest import caches, eventually
from tests.snapshots import DatabaseStates

__all__ = ["caches"]

# Query strings bypass the page cache, so this is the cost of rendering.
UNCACHED = "?uncached"
BUDGETS = {
    "/": 20,
    "/where-we-work/africa/": 15,
    "/where-we-work/africa/testland/": 15,
    "/campaigns/icc-budget/": 15,
    "/news/": 15,
    "/news/hungary-takes-back-its-notice/": 15,
    "/newsletter/issues/": 15,
    "/newsletter/issues/every-block/": 15,
    "/tracker/": 12,
    "/tracker/changes/": 12,
    "/tracker/embed/": 12,
    "/tracker/report-an-error/XTL/": 12,
    "/api/v1/docs": 10,
}


def _queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def _cost(client: Client, path: str) -> int:
    return len(_queries(client, path))


@pytest.fixture
def visitor(
    database_states: DatabaseStates,
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
    caches: list[PageCacheMiddleware],
) -> Iterator[Client]:
    """A client of a running worker, with the demo content."""
    with django_db_blocker.unblock():
        hold_content(database_states)
        client = Client()
        client.head("/")
        assert eventually(caches[-1].listener.is_listening)
        client.get("/about/")
        yield client


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_of_the_demo_content_stays_within_its_budget(path: str, visitor: Client) -> None:
    queries = _queries(visitor, path + UNCACHED)
    assert len(queries) <= BUDGETS[path], "\n".join(queries)


def test_a_worker_remembers_the_states_of_a_region(visitor: Client) -> None:
    path = f"/where-we-work/africa/{UNCACHED}"
    visitor.get(path)
    assert len(_queries(visitor, path)) <= 5
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_country SET name_en = 'New Name' WHERE iso3 = 'KEN'")
    assert eventually(lambda: "New Name" in visitor.get(path).text)


def test_a_worker_remembers_what_the_front_page_shows(visitor: Client) -> None:
    path = f"/{UNCACHED}"
    visitor.get(path)
    assert len(_queries(visitor, path)) <= 1
    home = HomePage.objects.get(locale__language_code="en")
    home.links = [("link", {"text": "New link", "url": "https://example.org/new"})]
    home.save()
    figure = home.figures.first()
    assert figure
    figure.label = "new label"
    figure.save()
    assert eventually(lambda: "https://example.org/new" in visitor.get(path).text)
    assert eventually(lambda: "new label" in visitor.get(path).text)


@pytest.mark.parametrize("path", BUDGETS)
def test_a_cached_page_needs_no_query(
    path: str, visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get(path)
    with django_assert_num_queries(0):
        assert visitor.get(path).status_code == 200


def test_the_api_lists_all_states_in_few_queries(visitor: Client) -> None:
    path = "/api/v1/countries?limit=500"
    queries = _queries(visitor, path)
    assert len(queries) <= 5, "\n".join(queries)
    assert len(_queries(visitor, path)) <= 1, "the worker remembers the record"


def _begin_news(home: HomePage) -> None:
    index = factories.NewsIndexPageFactory.create(parent=home)
    _add_article(index, "hungary-takes-back-its-notice")


def _add_article(index: NewsIndexPage, slug: str) -> None:
    """Add an article on all possible subjects, with everything that an article can contain except an image."""
    article = factories.ArticlePageFactory.create(
        parent=index, slug=slug, regions=Region.values, topics=Topic.values
    )
    article.countries = Country.objects.all()
    article.sources = [ArticleSource(label=f"Source {number}") for number in range(3)]
    article.save()


def _begin_archive(home: HomePage) -> None:
    index = factories.IssueIndexPageFactory.create(parent=home)
    articles = list(ArticlePage.objects.all())
    body = [
        ("articles", {"heading": "Read on", "articles": articles}),
        ("changes", {"heading": "What changed"}),
    ]
    for slug in ("before", "every-block", "after"):
        factories.IssuePageFactory.create(parent=index, slug=slug, body=body)


def _add_rows(home: HomePage) -> None:
    """Add ten times the key facts, campaigns, articles, issues, countries and actions."""
    archive = IssueIndexPage.objects.get()
    for number in range(9):
        factories.IssuePageFactory.create(parent=archive, slug=f"issue-{number}")
    news_index = NewsIndexPage.objects.child_of(home).get()
    for number in range(10):
        _add_article(news_index, f"article-{number}")
    region_index = RegionIndexPage.objects.child_of(home).get()
    campaign_index = CampaignIndexPage.objects.child_of(home).get()
    for region in RegionPage.objects.child_of(region_index):
        for number in range(27):
            factories.KeyFactFactory.create(page=region, kind=KeyFactKind.OTHER, label=str(number))
    for number in range(81):
        factories.CampaignPageFactory.create(
            parent=campaign_index, topic=Topic.BUDGET, slug=f"campaign-{number}"
        )


def _add_to_record() -> None:
    country = Country.objects.get()
    for number in range(45):
        factories.TreatyActionFactory.create(
            country=country,
            action=Action.DECLARATION,
            date=date(2001, 1, 1 + number % 28),
            treaty=list(Treaty)[number // 28],
        )
        factories.CountryFactory.create()
    create_missing_country_pages(locale=factories.english())


def test_more_rows_need_no_more_queries(site_tree: HomePage, client: Client) -> None:
    """The worker remembers no page: each is rendered for the first time."""
    add_country()
    _begin_news(site_tree)
    _begin_archive(site_tree)
    paths = [*BUDGETS, "/where-we-work/", "/campaigns/"]
    client.get("/")  # Content types and site roots are queried once.
    before = {path: _cost(client, path) for path in paths}
    _add_rows(site_tree)
    _add_to_record()
    assert {path: _cost(client, path) for path in paths} == before
    assert before["/"] <= BUDGETS["/"]
