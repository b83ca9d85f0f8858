"""Drafts from recent news."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import GroupPagePermission, Locale, Page, PageLogEntry

from news.models import ArticlePage, NewsIndexPage
from newsletter.issues.digest import NoNewsError, draft_digest
from newsletter.issues.rendering import render_issue
from newsletter.models import IssueIndexPage, IssuePage
from tests import factories

from .conftest import change

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def article(index: NewsIndexPage, title: str, *, days: float, **fields: Any) -> ArticlePage:
    """Create an article first published that many days ago."""
    moment = NOW - timedelta(days=days)
    page: ArticlePage = factories.ArticlePageFactory.create(
        parent=index,
        title=title,
        summary=f"About {title}",
        date=moment.date(),
        first_published_at=moment,
        **fields,
    )
    return page


def issue(archive: IssueIndexPage, *, days: float) -> IssuePage:
    moment = NOW - timedelta(days=days)
    page: IssuePage = factories.IssuePageFactory.create(
        parent=archive, date=moment.date(), first_published_at=moment
    )
    return page


def draft(archive: IssueIndexPage) -> IssuePage:
    page = draft_digest(index=archive, user=factories.SuperuserFactory.create())
    return IssuePage.objects.get(pk=page.pk)


def titles_of(page: IssuePage) -> dict[str, list[str]]:
    """Return the titles in a draft by type of block."""
    titles = {}
    for block in page.body:
        if block.block_type == "articles":
            titles["articles"] = [one.title for one in block.value["articles"]]
        else:
            titles[block.block_type] = [block.value["heading"]]
    return titles


def test_the_newest_leads_and_the_others_follow(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    for title, days in (("Old", 31), ("Middle", 20), ("Newest", 1), ("New", 2)):
        article(news_index, title, days=days)
    page = draft(archive)
    assert titles_of(page) == {"lead": ["Newest"], "articles": ["New", "Middle"]}
    assert page.preheader == "Newest · New · Middle"
    assert page.title == f"Global justice news, {date_format(NOW, 'F Y')}"
    assert page.date == NOW.date()
    assert "About Newest" in render_issue(page, language="en").text


def test_a_draft_is_not_published(archive: IssueIndexPage, news_index: NewsIndexPage) -> None:
    article(news_index, "New", days=1)
    page = draft(archive)
    assert not page.live
    assert page.latest_revision is not None
    assert page.get_latest_revision_as_object().title == page.title
    assert Client().get(page.url).status_code == 404


def test_it_contains_news_since_the_last_issue(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    issue(archive, days=60)
    issue(archive, days=10)
    factories.IssuePageFactory.create(parent=archive, live=False, date=NOW.date())
    article(news_index, "Told before", days=11)
    article(news_index, "New", days=9)
    assert titles_of(draft(archive)) == {"lead": ["New"]}


def test_it_contains_nine_articles_at_most(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    for number in range(12):
        article(news_index, f"Article {number:02}", days=number + 1)
    page = draft(archive)
    assert titles_of(page)["articles"] == [f"Article {number:02}" for number in range(1, 9)]
    assert len(page.preheader) <= 150


def test_it_leaves_out_articles_that_are_not_public(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    article(news_index, "Draft", days=1, live=False)
    article(news_index, "New", days=2)
    assert titles_of(draft(archive)) == {"lead": ["New"]}


def test_it_includes_changes_of_the_record(archive: IssueIndexPage) -> None:
    change(NOW.date(), country=factories.CountryFactory.create(name_en="Kenya"))
    page = draft(archive)
    assert titles_of(page) == {"changes": ["What changed in the record"]}
    assert "Kenya" in render_issue(page, language="en").text


def test_two_drafts_of_a_month_have_different_slugs(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    article(news_index, "New", days=1)
    assert draft(archive).slug != draft(archive).slug


def test_it_is_written_in_the_language_of_its_archive(
    archive: IssueIndexPage, news_index: NewsIndexPage, arabic: Locale
) -> None:
    english, translated = (article(news_index, title, days=1) for title in ("Copy", "Original"))
    copy_of_index = news_index.copy_for_translation(arabic)
    english.copy_for_translation(arabic, alias=True)
    copy = translated.copy_for_translation(arabic)
    copy.title = "مقالة"
    copy.save_revision().publish()
    assert copy_of_index.locale == arabic
    page = draft(archive.copy_for_translation(arabic))
    assert page.locale == arabic
    assert titles_of(page) == {"lead": ["مقالة"]}


def test_without_news_there_is_no_draft(archive: IssueIndexPage, news_index: NewsIndexPage) -> None:
    article(news_index, "Old", days=40)
    with pytest.raises(NoNewsError):
        draft(archive)
    assert not IssuePage.objects.exists()


@pytest.fixture
def address(archive: IssueIndexPage) -> str:
    return reverse("newsletter_draft_digest", args=[archive.pk])


def test_the_button_asks_for_confirmation_then_opens_the_editor(
    staff_client: Client, archive: IssueIndexPage, news_index: NewsIndexPage, address: str
) -> None:
    article(news_index, "New", days=1)
    explorer = staff_client.get(reverse("wagtailadmin_explore", args=[archive.pk])).text
    assert address in explorer
    assert "Write the draft" in staff_client.get(address).text
    assert not IssuePage.objects.exists()
    answer = staff_client.post(address)
    page = IssuePage.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert staff_client.get(answer["Location"]).status_code == 200
    [entry] = PageLogEntry.objects.filter(page=page.pk, action="newsletter.draft_digest")
    assert entry.message == "Drafted from recent news"


def test_staff_are_informed_when_there_is_no_news(staff_client: Client, address: str) -> None:
    answer = staff_client.post(address, follow=True)
    assert "There is nothing new since the last issue" in answer.text
    assert not IssuePage.objects.exists()


def test_another_site_cannot_submit_the_form(
    archive: IssueIndexPage, news_index: NewsIndexPage, address: str, superuser: Any
) -> None:
    article(news_index, "New", days=1)
    client = Client(enforce_csrf_checks=True)
    client.force_login(superuser)
    assert client.post(address).status_code == 403
    assert not IssuePage.objects.exists()


def test_only_users_who_may_add_issues_can_draft_one(
    client: Client, archive: IssueIndexPage, news_index: NewsIndexPage, address: str
) -> None:
    article(news_index, "New", days=1)
    user = factories.UserFactory.create()
    group = user.groups.create(name="News team")
    _allow(group, news_index, "add_page")
    client.force_login(user)
    assert client.post(address).status_code == 302
    assert not IssuePage.objects.exists()
    _allow(group, archive, "add_page")
    client.post(address)
    assert IssuePage.objects.count() == 1


def _allow(group: Any, page: Page, right: str) -> None:
    """Give a group access to the admin, and a permission on a page and its descendants."""
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=page, permission=permission)
