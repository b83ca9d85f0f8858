"""Figures, dates, choices and pictures are always the same in every language; text stays as translated."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from home.demo_content.teams import create_team
from home.models import HomePage, StandardPage
from news.models import ArticlePage
from regions.choices import KeyFactKind
from regions.models import CountryPage, KeyFact, RegionPage
from regions.services import create_missing_country_pages
from tests import factories

Translate = Callable[..., Any]
FACTS = {"source": "Secretariat", "facts": [{"value": "2,500", "label": "organisations"}]}


@pytest.fixture
def french(db: None) -> Locale:
    return Locale.objects.get(language_code="fr")


@pytest.fixture
def translate(french: Locale, django_capture_on_commit_callbacks: Any) -> Translate:
    """Translate each text of a page, prefixed with "fr", and publish it; publish it again if it is translated."""

    def translate(page: Page) -> Any:
        translate_object(page, [french])
        task = Translation.objects.get(source__object_id=page.translation_key, target_locale=french)
        for segment in StringSegment.objects.filter(source=task.source).exclude(
            context__path="slug"
        ):
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=french,
                context=segment.context,
                defaults={"data": f"fr {segment.string.data}", "translation_type": "manual"},
            )
        with django_capture_on_commit_callbacks(execute=True):
            task.save_target(publish=True)
        return page.get_translation(french)

    return translate


@pytest.fixture
def africa(site_tree: HomePage) -> RegionPage:
    page: RegionPage = RegionPage.objects.get(region="africa")
    return page


def change_fact(page: RegionPage, **values: Any) -> None:
    """Change the first key fact in the editor, and publish."""
    page = RegionPage.objects.get(pk=page.pk)
    facts = list(page.key_facts.all())
    for name, value in values.items():
        setattr(facts[0], name, value)
    page.key_facts = facts
    page.save_revision().publish()


def fact_of(page: Page) -> KeyFact:
    fact: KeyFact = RegionPage.objects.get(pk=page.pk).key_facts.first()
    return fact


def test_a_figure_is_new_in_every_language_at_once(
    client: Client, africa: RegionPage, translate: Translate
) -> None:
    for page in (africa.get_parent().get_parent().specific, africa.get_parent().specific):
        translate(page)
    copy = translate(africa)
    assert "901" not in client.get(copy.url).text
    change_fact(africa, value=901, as_of=date(2026, 11, 1))
    fact = fact_of(copy)
    assert (fact.value, fact.as_of) == (901, date(2026, 11, 1))
    assert fact.source == "fr Secretariat of the Coalition"
    assert "901" in client.get(copy.url).text  # Cached with the old figure just before.


def test_a_figure_is_shown_with_its_own_source(africa: RegionPage, translate: Translate) -> None:
    copy = translate(africa)
    change_fact(africa, value=901, source="Annual report 2026")
    assert (fact_of(copy).value, fact_of(copy).source) == (901, "Annual report 2026")


def test_a_figure_is_not_shared_if_its_text_differs(
    africa: RegionPage, translate: Translate
) -> None:
    change_fact(africa, kind=KeyFactKind.OTHER, label="states")
    copy = translate(africa)
    assert fact_of(copy).label == "fr states"
    change_fact(africa, label="years", value=40)
    assert (fact_of(copy).label, fact_of(copy).value) == ("fr states", 30)


def test_a_figure_that_is_gone_is_gone_in_every_language(
    africa: RegionPage, translate: Translate
) -> None:
    copy = translate(africa)
    africa.key_facts = list(africa.key_facts.all())[1:]
    africa.save_revision().publish()
    assert RegionPage.objects.get(pk=copy.pk).key_facts.count() == 2


def test_a_translation_published_from_an_older_snapshot_has_the_new_figure(
    africa: RegionPage, translate: Translate
) -> None:
    """An editor publishes the translation again without synchronising it, or publishes an old draft."""
    copy = translate(africa)
    draft = copy.save_revision()
    change_fact(africa, value=901)
    assert fact_of(translate(africa)).value == 901
    draft.refresh_from_db()
    draft.publish()
    assert fact_of(copy).value == 901


def test_a_draft_changes_nothing_in_other_languages(
    africa: RegionPage, translate: Translate
) -> None:
    copy = translate(africa)
    facts = list(africa.key_facts.all())
    facts[0].value = 901
    africa.key_facts = facts
    africa.save_revision()
    assert fact_of(copy).value == 30


def test_figures_of_the_front_page_and_of_bodies_are_shared(
    home_page: HomePage, translate: Translate
) -> None:
    factories.FrontPageFigureFactory(page=home_page, locale=home_page.locale)
    home_page = HomePage.objects.get(pk=home_page.pk)
    home_page.body = [("key_facts", FACTS), ("text", "<p>Words</p>")]
    home_page.save_revision().publish()
    copy = translate(home_page)

    home_page = HomePage.objects.get(pk=home_page.pk)
    figure = home_page.figures.get()
    figure.value = "2,600+"
    home_page.figures = [figure]
    home_page.body[0].value["facts"][0]["value"] = "2,600"
    home_page.body[1].value.source = "<p>Other words</p>"
    home_page.save_revision().publish()
    copy = HomePage.objects.get(pk=copy.pk)
    assert (copy.figures.get().value, copy.figures.get().label) == (
        "2,600+",
        "fr member organisations",
    )
    fact = copy.body[0].value["facts"][0]
    assert (fact["value"], fact["label"]) == ("2,600", "fr organisations")
    assert "Other words" not in str(copy.body[1])


def test_dates_kinds_and_pictures_of_an_article_are_shared(
    home_page: HomePage, translate: Translate
) -> None:
    index = factories.NewsIndexPageFactory(parent=home_page)
    article = factories.ArticlePageFactory(parent=index, kind="news")
    country = factories.CountryFactory.create()
    copy = translate(article)
    article = ArticlePage.objects.get(pk=article.pk)
    article.kind, article.date = "statement", date(2026, 5, 4)
    article.image, article.image_alt = factories.ImageFactory.create(), "A courtroom"
    article.countries = [country]
    article.save_revision().publish()
    copy = ArticlePage.objects.get(pk=copy.pk)
    assert (copy.kind, copy.date, copy.image) == ("statement", date(2026, 5, 4), article.image)
    assert list(copy.countries.all()) == [country]
    assert copy.title == f"fr {article.title}"


@pytest.mark.parametrize(
    ("language", "figure", "shown"),
    [
        ("en", "2,500+", "2,500+"),
        ("fr", "2,500+", "2\u202f500+"),
        ("fr", "1998–2026", "1998–2026"),
        ("fr", "45 %", "45 %"),
        ("es", "1,234,567", "1\u202f234\u202f567"),
        ("fr", "2,5", "2,5"),
    ],
)
def test_thousands_are_separated_as_readers_are_used_to(
    language: str, figure: str, shown: str
) -> None:
    template = Template("{% load body_tags %}{{ figure|grouped }}")
    with translation.override(language):
        assert template.render(Context({"figure": figure})).replace("\xa0", "\u202f") == shown


def test_the_team_of_a_region_works_in_every_language(
    africa: RegionPage, translate: Translate, french: Locale
) -> None:
    """The page may have been translated before or after the team was created."""
    team = create_team(region_page=africa)
    copy = translate(africa)
    europe = RegionPage.objects.get(region="europe", locale=africa.locale)
    translate(europe)
    other = create_team(region_page=europe)
    for group, page in ((team, copy), (other, europe.get_translation(french))):
        member = factories.UserFactory.create()
        member.groups.add(group)
        assert page.permissions_for_user(member).can_publish()
        assert member.has_perm("wagtail_localize.submit_translation")
    assert not GroupPagePermission.objects.filter(group=team, page=europe.pk).exists()
    assert Group.objects.count() >= 2


def test_the_page_of_a_country_is_translated_with_its_name(
    africa: RegionPage, translate: Translate, french: Locale
) -> None:
    factories.CountryFactory.create(region="africa", name_en="Cape Verde", name_fr="Cap-Vert")
    (page,) = create_missing_country_pages(locale=africa.locale)
    copy = translate(page)
    assert copy.title == "Cap-Vert"
    assert not StringSegment.objects.filter(
        source__object_id=page.translation_key, context__path="title"
    ).exists()
    page = CountryPage.objects.get(pk=page.pk)
    assert page.title == "Cape Verde"
    page.title = "Cape Verde: an island state"
    page.save_revision().publish()
    Translation.objects.get(source__object_id=page.translation_key).source.update_from_db()
    assert translate(page).title == "fr Cape Verde: an island state"


@pytest.mark.parametrize("is_translated_before", [True, False])
def test_a_translation_of_a_scheduled_page_waits_for_it(
    home_page: HomePage, translate: Translate, french: Locale, is_translated_before: bool
) -> None:
    page = factories.StandardPageFactory(parent=home_page, live=False)
    if is_translated_before:
        translate_object(page, [french])
    page.go_live_at = hour = timezone.now() + timedelta(days=7)
    page.save_revision().publish()
    copy = translate(page)
    assert not copy.live
    assert Page.objects.get(pk=copy.pk).scheduled_revision.approved_go_live_at == hour
    assert not StandardPage.objects.get(pk=page.pk).live


def test_a_page_without_a_source_keeps_what_it_says(home_page: HomePage, french: Locale) -> None:
    page: StandardPage = factories.StandardPageFactory.create(parent=home_page)
    copy = page.copy_for_translation(french, copy_parents=True)
    Translation.objects.filter(target_locale=french).update(enabled=False)
    copy.show_in_footer = True
    copy.save_revision().publish()
    assert StandardPage.objects.get(pk=copy.pk).show_in_footer
