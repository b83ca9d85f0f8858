"""An article in more than one language, translated as staff do it."""

from datetime import date

import pytest
from django.test import Client
from wagtail.models import Locale
from wagtail_localize.models import String

from campaigns.choices import Topic
from news.choices import Kind
from news.models import ArticlePage, ArticleSource, NewsIndexPage
from record.choices import Region
from tests import factories
from tests.core.test_languages import Publish, arabic, publish, translation_of

__all__ = ["arabic", "publish"]


@pytest.fixture
def translated(news_index: NewsIndexPage, publish: Publish, arabic: Locale) -> ArticlePage:
    country = factories.CountryFactory.create(name_en="Kenya", name_ar="كينيا")
    page = factories.ArticlePageFactory.create(
        parent=news_index,
        title="What happened",
        summary="In short",
        author="A. Author",
        kind=Kind.BRIEFING,
        regions=[Region.EUROPE],
        topics=[Topic.BUDGET],
        date=date(2026, 3, 2),
    )
    page.countries = [country]
    page.sources = [ArticleSource(label="ICC press release", link="https://example.org/a")]
    page.save()
    for each in (news_index.get_parent().specific, news_index, page):
        publish(each, arabic)
    copy: ArticlePage = ArticlePage.objects.get(locale=arabic)
    return copy


def test_text_is_translated_and_facts_are_the_same(translated: ArticlePage) -> None:
    assert translated.title == "ترجمة What happened"
    assert translated.summary == "ترجمة In short"
    assert translated.author == "ترجمة A. Author"
    assert translated.kind == Kind.BRIEFING
    assert translated.date == date(2026, 3, 2)
    assert (translated.regions, translated.topics) == (["europe"], ["icc-budget"])
    assert [country.name_en for country in translated.countries.all()] == ["Kenya"]
    (source,) = translated.sources.all()
    assert (source.label, source.link) == ("ترجمة ICC press release", "https://example.org/a")
    assert not String.objects.filter(data__in=["https://example.org/a", "briefing"]).exists()


def test_it_is_listed_in_its_language_alone(client: Client, translated: ArticlePage) -> None:
    html = client.get("/ar/news/").text
    assert "ترجمة What happened" in html
    assert "كينيا" in html
    assert "ترجمة" not in client.get("/news/").text
    assert client.get(translated.url).status_code == 200


def test_changes_of_the_original_are_copied(
    translated: ArticlePage, publish: Publish, arabic: Locale
) -> None:
    original = ArticlePage.objects.exclude(locale=arabic).get()
    original.countries = [factories.CountryFactory.create(name_en="Peru")]
    original.regions = [Region.AMERICAS]
    original.save_revision().publish()
    translation = translation_of(original, arabic)
    translation.source.update_from_db()
    translation.save_target()
    copy = ArticlePage.objects.get(locale=arabic)
    assert [country.name_en for country in copy.countries.all()] == ["Peru"]
    assert copy.regions == ["americas"]


def test_subjects_are_listed_with_the_commas_of_the_language(
    client: Client, translated: ArticlePage
) -> None:
    original = ArticlePage.objects.exclude(pk=translated.pk).get()
    original.countries = [
        factories.CountryFactory.create(name_ar=name) for name in ("كينيا", "غانا")
    ]
    original.save_revision().publish()
    assert "كينيا، غانا" in client.get("/ar/news/").text
