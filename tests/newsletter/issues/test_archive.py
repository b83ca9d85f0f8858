"""Issues as pages of the site, at URLs under that of the sign-up form."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from home.models import HomePage
from newsletter.models import IssueIndexPage, IssuePage
from tests import factories
from tests.core.test_metadata import links
from tests.html import parse

from .conftest import SITE

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(archive: IssueIndexPage) -> IssuePage:
    page: IssuePage = factories.IssuePageFactory.create(
        parent=archive, title="March", slug="march", summary="In short"
    )
    return page


def test_the_sign_up_keeps_its_address(client: Client, issue: IssuePage) -> None:
    assert 'name="email"' in client.get("/newsletter/").text
    assert "March" in client.get("/newsletter/issues/").text
    assert "What happened." in client.get("/newsletter/issues/march/").text


@pytest.mark.parametrize(
    "path", ["/newsletter/march/", "/newsletter/issues/issues/", "/newsletter/issues/april/"]
)
def test_there_is_one_address_for_each_page(client: Client, issue: IssuePage, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_sign_up_and_the_archive_link_to_each_other(client: Client, issue: IssuePage) -> None:
    assert "/newsletter/issues/" in [
        link["href"] for link in parse(client.get("/newsletter/").text).find("main").find_all("a")
    ]
    archive = parse(client.get("/newsletter/issues/").text).find("main")
    assert "/newsletter/" in [link["href"] for link in archive.find_all("a")]


def test_without_an_archive_the_sign_up_has_no_link_to_one(
    client: Client, home_page: HomePage
) -> None:
    main = parse(client.get("/newsletter/").text).find("main")
    assert "/newsletter/issues/" not in [link["href"] for link in main.find_all("a")]


def addresses(issue: IssuePage) -> tuple[str, str]:
    """Return the paths of the archive and the issue in the database."""
    page = Page.objects.get(pk=issue.pk)
    return page.get_parent().url, page.url


def test_a_new_slug_of_the_archive_changes_the_urls_of_its_issues(
    client: Client, issue: IssuePage
) -> None:
    archive = IssueIndexPage.objects.get()
    archive.slug = "letters"
    archive.save_revision().publish()
    assert addresses(issue) == ("/letters/issues/", "/letters/issues/march/")
    assert client.get("/letters/issues/march/").status_code == 200
    assert client.get("/letters/").status_code == 404


def test_an_issue_with_a_new_slug_stays_in_the_archive(issue: IssuePage) -> None:
    issue.slug = "april"
    issue.save_revision().publish()
    assert addresses(issue) == ("/newsletter/issues/", "/newsletter/issues/april/")


def test_reordering_the_menu_keeps_the_archives_url(
    client: Client, staff_client: Client, issue: IssuePage, site_tree: HomePage
) -> None:
    """Wagtail moves plain pages, which lack the method that sets the path."""
    archive = Page.objects.get(pk=issue.get_parent().pk)
    response = staff_client.post(
        reverse("wagtailadmin_pages:set_page_position", args=[archive.pk]) + "?position=0"
    )
    assert response.status_code == 200
    assert site_tree.get_children().first() == archive
    assert addresses(issue) == ("/newsletter/issues/", "/newsletter/issues/march/")
    assert Client().get("/newsletter/issues/march/").status_code == 200


def test_moving_the_archive_changes_the_urls_of_its_issues(issue: IssuePage) -> None:
    other = factories.HomePageFactory.create(parent=Page.objects.get(depth=1), slug="other")
    archive = Page.objects.get(pk=issue.get_parent().pk)
    archive.move(other, pos="last-child")
    page = Page.objects.get(pk=issue.pk)
    assert page.get_parent().url_path == "/other/newsletter/issues/"
    assert page.url_path == "/other/newsletter/issues/march/"


def test_a_new_slug_of_the_front_page_changes_no_url(issue: IssuePage, site_tree: HomePage) -> None:
    site_tree.slug = "start"
    site_tree.save_revision().publish()
    assert addresses(issue) == ("/newsletter/issues/", "/newsletter/issues/march/")


def test_set_url_paths_keeps_the_urls(issue: IssuePage) -> None:
    call_command("set_url_paths", verbosity=0)
    assert addresses(issue) == ("/newsletter/issues/", "/newsletter/issues/march/")


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_each_language_has_its_own_archive(
    client: Client, issue: IssuePage, site_tree: HomePage, code: str
) -> None:
    locale = Locale.objects.get(language_code=code)
    for page in (site_tree, issue.get_parent().specific, issue):
        page.copy_for_translation(locale).save_revision().publish()
    copy = IssuePage.objects.get(locale=locale)
    assert copy.url == f"/{code}/newsletter/issues/march/"
    assert client.get(f"/{code}/newsletter/").status_code == 200
    assert client.get(f"/{code}/newsletter/issues/").status_code == 200
    page = client.get(copy.url).text
    hreflang = {
        link["hreflang"]: link["href"] for link in links(page, "alternate") if "hreflang" in link
    }
    assert hreflang[code] == f"{SITE}/{code}/newsletter/issues/march/"
    assert hreflang["en"] == f"{SITE}/newsletter/issues/march/"
    sitemap = client.get("/sitemap.xml").text
    for path in ("/newsletter/issues/", f"/{code}/newsletter/issues/march/"):
        assert f"<loc>{SITE}{path}</loc>" in sitemap


def listed(client: Client, path: str = "/newsletter/issues/") -> list[str]:
    return [heading.text for heading in parse(client.get(path).text).find("main").find_all("h2")]


def test_the_archive_begins_with_the_newest(client: Client, archive: IssueIndexPage) -> None:
    for title, day in (("Second", 2), ("Third", 3), ("First", 1), ("Last", 3)):
        factories.IssuePageFactory.create(parent=archive, title=title, date=date(2026, 1, day))
    hidden = factories.IssuePageFactory.create(parent=archive, title="Private")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    factories.IssuePageFactory.create(parent=archive, title="Draft", live=False)
    assert listed(client) == ["Last", "Third", "Second", "First"]


def test_an_empty_archive_says_so(client: Client, archive: IssueIndexPage) -> None:
    assert "No issues yet." in client.get("/newsletter/issues/").text


def test_a_long_archive_has_pages(client: Client, archive: IssueIndexPage) -> None:
    for number in range(13):
        factories.IssuePageFactory.create(
            parent=archive, title=str(number), date=date(2026, 1, number + 1)
        )
    assert listed(client)[0] == "12"
    assert listed(client, "/newsletter/issues/?page=2") == ["0"]
    second = client.get("/newsletter/issues/?page=2").text
    assert '<meta name="robots" content="noindex">' in second
    assert 'rel="prev" href="/newsletter/issues/"' in second
    for wrong in ("0", "3", "-1", "x", "", "\0", "9" * 400):
        assert client.get("/newsletter/issues/", {"page": wrong}).status_code == 404


def neighbours(client: Client, issue: IssuePage) -> dict[str, str]:
    main = parse(client.get(issue.url).text).find("main")
    return {
        link["rel"]: link.text for link in main.find_all("a") if link.get("rel") in {"prev", "next"}
    }


def test_an_issue_links_to_its_neighbours(client: Client, archive: IssueIndexPage) -> None:
    first, second, third = (
        factories.IssuePageFactory.create(parent=archive, title=title, date=date(2026, 1, day))
        for title, day in (("First", 1), ("Second", 2), ("Third", 2))
    )
    assert neighbours(client, first) == {"next": "Next: Second"}
    assert neighbours(client, second) == {"prev": "Previous: First", "next": "Next: Third"}
    assert neighbours(client, third) == {"prev": "Previous: Second"}
    second.unpublish()
    assert neighbours(client, first) == {"next": "Next: Third"}


def test_structured_data_describe_an_article(client: Client, issue: IssuePage) -> None:
    issue.save_revision().publish()
    text = client.get(issue.url).text
    assert '"@type": "Article"' in text
    assert '"datePublished"' in text
    assert "CollectionPage" in client.get("/newsletter/issues/").text


def test_an_issue_ends_with_the_sign_up(client: Client, issue: IssuePage) -> None:
    [form] = [
        form
        for form in parse(client.get(issue.url).text).find("main").find_all("form")
        if form["action"] == "/newsletter/"
    ]
    assert form.find_all("input")


def test_a_page_of_an_issue_shows_every_kind_of_block(
    client: Client, archive: IssueIndexPage, site_tree: HomePage
) -> None:
    link = {"text": "Press", "page": site_tree, "document": None, "url": ""}
    news = factories.NewsIndexPageFactory.create(parent=site_tree)
    article = factories.ArticlePageFactory.create(parent=news, title="Told")
    factories.IssuePageFactory.create(
        parent=archive,
        slug="full",
        body=[
            ("lead", {"heading": "Lead", "text": "<p>Leads</p>", "link": link}),
            ("articles", {"heading": "Read", "articles": [article]}),
            ("event", {"title": "Day", "begins": date(2026, 7, 17), "place": "Rome"}),
            ("action", {"heading": "Act", "text": "<p>Now</p>", "link": link}),
        ],
    )
    main = parse(client.get("/newsletter/issues/full/").text).find("main")
    headings = [heading.text for heading in main.find_all("h2")]
    assert headings[:4] == ["Lead", "Read", "Day", "Act"]
    assert "Told" in [link.text for link in main.find_all("a")]
    assert "17 July 2026" in main.text
    assert [link["href"] for link in main.find_all("a")].count("/") >= 2


def _cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_more_issues_take_no_more_queries(client: Client, issue: IssuePage, archive: Any) -> None:
    factories.IssuePageFactory.create(parent=archive, date=date(2026, 2, 1))
    factories.IssuePageFactory.create(parent=archive, date=date(2026, 4, 1))
    paths = ["/newsletter/issues/", issue.url]
    client.get("/")
    before = {path: _cost(client, path) for path in paths}
    for _ in range(8):
        factories.IssuePageFactory.create(parent=archive)
    assert {path: _cost(client, path) for path in paths} == before
