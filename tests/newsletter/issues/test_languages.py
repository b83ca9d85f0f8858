"""Translations of an issue, made as staff make them."""

from datetime import date

import pytest
from wagtail.models import Locale
from wagtail_localize.models import String

from news.models import NewsIndexPage
from newsletter.issues.rendering import render_issue
from newsletter.models import IssueIndexPage, IssuePage
from record.choices import Region
from tests import factories
from tests.core.test_languages import Publish, publish, translation_of

__all__ = ["publish"]

# As the editor stores it.
NO_LINK = {"text": "", "page": None, "document": None, "url": ""}


@pytest.fixture
def arabic(db: None) -> Locale:
    return Locale.objects.get(language_code="ar")


@pytest.fixture
def issue(archive: IssueIndexPage, news_index: NewsIndexPage) -> IssuePage:
    article = factories.ArticlePageFactory.create(parent=news_index, title="Told")
    event = {
        "title": "Assembly",
        "begins": date(2026, 12, 3),
        "place": "The Hague",
        "text": "",
        "link": NO_LINK,
    }
    page: IssuePage = factories.IssuePageFactory.create(
        parent=archive,
        title="March",
        subject="Three join",
        preheader="Come and see",
        summary="In short",
        date=date(2026, 3, 2),
        regions=[Region.EUROPE],
        body=[
            ("text", "<p>What <b>happened</b>.</p>"),
            ("articles", {"heading": "Read", "articles": [article]}),
            ("changes", {"heading": "Changed", "since": date(2026, 2, 1), "until": None}),
            ("event", event),
            ("lead", {"heading": "Lead", "text": "<p>Leads.</p>", "image": None, "link": NO_LINK}),
        ],
    )
    return page


@pytest.fixture
def translated(issue: IssuePage, publish: Publish, arabic: Locale) -> IssuePage:
    archive = issue.get_parent().specific
    for each in (archive.get_parent().specific, archive, issue):
        publish(each, arabic)
    copy: IssuePage = IssuePage.objects.get(locale=arabic)
    return copy


def test_text_is_translated_and_facts_stay_the_same(translated: IssuePage) -> None:
    assert translated.title == "ترجمة March"
    assert translated.subject == "ترجمة Three join"
    assert translated.preheader == "ترجمة Come and see"
    assert translated.summary == "ترجمة In short"
    assert (translated.date, translated.regions) == (date(2026, 3, 2), ["europe"])
    text, articles, changes, event, _lead = (block.value for block in translated.body)
    assert "ترجمة" in text.source
    assert "<b>happened</b>" in text.source
    assert articles["heading"] == "ترجمة Read"
    assert [article.title for article in articles["articles"]] == ["Told"]
    assert (changes["heading"], changes["since"]) == ("ترجمة Changed", date(2026, 2, 1))
    assert (event["title"], event["place"]) == ("ترجمة Assembly", "ترجمة The Hague")
    assert event["begins"] == date(2026, 12, 3)
    assert not String.objects.filter(data__in=["2026-12-03", "europe"]).exists()


def test_its_mail_is_entirely_in_its_language(translated: IssuePage) -> None:
    mail = render_issue(translated, language="ar")
    assert mail.subject == "ترجمة Three join"
    assert 'lang="en"' not in mail.html.replace('<div lang="en" dir="ltr" style="margin', "")
    assert "ترجمة Assembly" in mail.text


def test_changes_of_the_original_are_synchronised(
    translated: IssuePage, issue: IssuePage, arabic: Locale
) -> None:
    issue.regions = [Region.AMERICAS]
    issue.date = date(2026, 3, 9)
    issue.save_revision().publish()
    translation = translation_of(issue, arabic)
    translation.source.update_from_db()
    translation.save_target()
    copy = IssuePage.objects.get(locale=arabic)
    assert (copy.date, copy.regions) == (date(2026, 3, 9), ["americas"])


def test_an_issue_goes_to_readers_of_each_language_it_is_published_in(
    translated: IssuePage, issue: IssuePage
) -> None:
    assert issue.published_languages == ["ar", "en"]
    translated.unpublish()
    assert issue.published_languages == ["en"]
