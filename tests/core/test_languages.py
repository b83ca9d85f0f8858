"""The site in several languages, translated as staff do it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    OverridableSegment,
    String,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from campaigns.models import CampaignPage, RelatedRegion
from core.blocks.links import LinkBlock
from core.language import language_codes
from home.models import HomePage
from record.country_codes import UN_NAMES
from record.models import Country
from regions.models import Aim, KeyFact, RegionPage
from tests import factories
from tests.html import parse
from tracker.api.schemas import Names

Publish = Callable[[Page, Locale], Page]


@pytest.fixture
def arabic(db: None) -> Locale:
    return Locale.objects.get(language_code="ar")


def submit(client: Client, page: Page, locale: Locale, *, with_subpages: bool = False) -> None:
    """Send a page for translation, with the button in the editor."""
    response = client.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
        {"locales": [locale.pk], "include_subtree": "on" if with_subpages else ""},
    )
    assert response.status_code == 302


def translation_of(page: Page, locale: Locale) -> Translation:
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)


def translate_all(page: Page, locale: Locale) -> None:
    """Prefix each string of a page."""
    source = TranslationSource.objects.get(object_id=page.translation_key)
    for segment in StringSegment.objects.filter(source=source).exclude(context__path="slug"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": f"ترجمة {segment.string.data}", "translation_type": "manual"},
        )


@pytest.fixture
def publish(
    staff_client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> Publish:
    """Translate a page as staff do: send it for translation, fill in each string, publish."""

    def publish(page: Page, locale: Locale) -> Page:
        submit(staff_client, page, locale)
        translate_all(page, locale)
        copy = page.get_translation(locale)
        with django_capture_on_commit_callbacks(execute=True):
            staff_client.post(
                reverse("wagtailadmin_pages:edit", args=[copy.pk]), {"action": "publish"}
            )
        return Page.objects.get(pk=copy.pk, live=True)

    return publish


@pytest.fixture
def arabic_tree(publish: Publish, site_tree: HomePage, arabic: Locale) -> HomePage:
    """The front page, "Where we work" and Europe in Arabic."""
    section = RegionPage.objects.first().get_parent()
    Aim.objects.create(page=section.specific, text="Universal membership")
    pages = (site_tree, section, RegionPage.objects.get(region="europe"))
    for page in pages:
        publish(page, arabic)
    return site_tree


def test_every_language_is_there_from_the_start(db: None) -> None:
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {"en", "fr", "es", "ar"}


def test_page_is_translated_edited_and_published_in_the_admin(
    staff_client: Client,
    site_tree: HomePage,
    arabic: Locale,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    submit(staff_client, site_tree, arabic)
    copy = site_tree.get_translation(arabic)
    assert copy.live is False
    editor = staff_client.get(reverse("wagtailadmin_pages:edit", args=[copy.pk]))
    assert editor.status_code == 200
    assert site_tree.headline in editor.text

    segment = StringSegment.objects.get(
        source__object_id=site_tree.translation_key, context__path="headline"
    )
    task = translation_of(site_tree, arabic)
    response = staff_client.put(
        reverse("wagtail_localize:edit_string_translation", args=[task.pk, segment.pk]),
        "value=العدالة",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 201
    with django_capture_on_commit_callbacks(execute=True):
        staff_client.post(reverse("wagtailadmin_pages:edit", args=[copy.pk]), {"action": "publish"})
    assert "العدالة" in staff_client.get("/ar/").text


def test_arabic_page_is_read_from_right_to_left(client: Client, arabic_tree: HomePage) -> None:
    html = client.get("/ar/").text
    assert '<html lang="ar" dir="rtl">' in html
    html = client.get("/ar/where-we-work/").text
    assert '<html lang="ar" dir="rtl">' in html
    assert "ترجمة Universal membership" in html
    assert '<html lang="en" dir="ltr">' in client.get("/").text


def test_switch_names_languages_in_themselves(client: Client, arabic_tree: HomePage) -> None:
    for address in ("/", "/ar/"):
        switch = re.findall(r'<a class="languages__link"[^>]*>', client.get(address).text)
        assert len(switch) == 2
        assert 'lang="en" dir="ltr"' in switch[0]
        assert 'href="/ar/" lang="ar" dir="rtl"' in switch[1]


def test_links_stay_within_the_language(client: Client, arabic_tree: HomePage) -> None:
    client.logout()  # Wagtail's user bar links to the admin.
    html = client.get("/ar/where-we-work/europe/").text
    # The language switch leads to other languages, and link elements to this very page and to files.
    html = re.sub(r'<ul class="languages".*?</ul>', "", html, flags=re.DOTALL)
    html = re.sub(r"<link [^>]*>", "", html)
    addresses = set(re.findall(r'<a [^>]*href="(/[^"]*)"', html))
    assert "/ar/where-we-work/" in addresses
    assert {address for address in addresses if not address.startswith("/ar/")} == set()


def test_facts_are_translated_with_their_page(client: Client, arabic_tree: HomePage) -> None:
    facts = KeyFact.objects.filter(locale__language_code="ar")
    assert {fact.source for fact in facts} == {"ترجمة Secretariat of the Coalition"}
    assert {fact.value for fact in facts} == {30}


def test_campaign_names_the_regions_of_its_language(
    client: Client, arabic_tree: HomePage, publish: Publish, arabic: Locale
) -> None:
    campaign = CampaignPage.objects.first()
    RelatedRegion.objects.create(
        page=campaign, region=RegionPage.objects.get(slug="europe", locale__language_code="en")
    )
    publish(campaign.get_parent().specific, arabic)
    translated = publish(campaign, arabic)
    html = client.get(translated.url).text
    assert 'href="/ar/where-we-work/europe/"' in html
    europe = client.get("/ar/where-we-work/europe/").text
    assert f'href="{translated.url}"' in europe


def test_chosen_page_is_linked_in_the_language_of_the_reader(
    arabic_tree: HomePage, site_tree: HomePage
) -> None:
    europe, africa = (
        RegionPage.objects.get(region=region, locale__language_code="en")
        for region in ("europe", "africa")
    )
    block = LinkBlock()
    for page, address in (
        (europe, "/ar/where-we-work/europe/"),
        (africa, "/where-we-work/africa/"),
    ):
        value = block.to_python({"text": "Read", "page": page.pk})
        with translation.override("ar"):
            assert value.href == address


def test_language_without_a_front_page_leads_to_english(
    client: Client, site_tree: HomePage
) -> None:
    assert client.get("/fr/")["Location"] == "/"
    assert client.get("/fr/where-we-work/")["Location"] == "/where-we-work/"
    french = site_tree.copy_for_translation(Locale.objects.get(language_code="fr"))
    assert french.live is False
    assert client.get("/fr/")["Location"] == "/"


def test_page_that_is_not_translated_is_missing(client: Client, arabic_tree: HomePage) -> None:
    response = client.get("/ar/where-we-work/africa/")
    assert response.status_code == 404
    assert '<html lang="ar" dir="rtl">' in response.text


def test_untranslated_text_is_marked_with_its_language(
    client: Client, site_tree: HomePage, arabic: Locale
) -> None:
    """The tree of a new language begins with copies of the English pages."""
    section = RegionPage.objects.first().get_parent()
    for page in (site_tree, section, RegionPage.objects.get(region="europe")):
        page.copy_for_translation(arabic, alias=True)
    html = client.get("/ar/").text
    assert '<html lang="ar" dir="rtl">' in html
    assert '<main id="content" tabindex="-1" lang="en" dir="ltr">' in html
    assert re.search(r'<a class="menu__link" [^>]*lang="en" dir="ltr">Where we work', html)
    assert re.search(r'<li class="region-card" lang="en" dir="ltr">', html)
    english = parse(client.get("/").text).find("body")
    named = [
        element for element in english.select("[lang]") if element["class"] != "languages__link"
    ]
    assert named == [], "in English nothing says so again"


def test_recipients_of_the_contact_page_are_not_sent_to_translators(
    staff_client: Client, site_tree: HomePage, arabic: Locale
) -> None:
    page = factories.ContactPageFactory.create(parent=site_tree)
    submit(staff_client, site_tree, arabic)
    submit(staff_client, page, arabic)
    strings = set(
        String.objects.filter(segments__source__object_id=page.translation_key).values_list(
            "data", flat=True
        )
    )
    assert "Your name" in strings
    assert "secretariat@example.org" not in strings
    assert not OverridableSegment.objects.filter(context__path="recipients").exists()
    copy = page.get_translation(arabic)
    assert copy.recipients == "secretariat@example.org"
    assert [field.clean_name for field in copy.form_fields.all()] == [
        field.clean_name for field in page.form_fields.all()
    ]


def test_the_record_names_states_in_every_language_of_the_site() -> None:
    fields = {field.name for field in Country._meta.get_fields()}
    assert {f"name_{code}" for code in language_codes()} <= fields
    assert set(Names.model_fields) == set(language_codes())
    assert all(names.keys() == set(language_codes()) for names in UN_NAMES.values())
