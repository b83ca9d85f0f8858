"""Figures counted from the record, beside those published by the secretariat."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale
from wagtail_localize.operations import translate_object

from home.models import HomePage
from record.choices import Action, Region
from record.models import Country
from regions.choices import KeyFactKind
from regions.models import KeyFact, RegionPage, regions_under
from tests.factories import CountryFactory, TreatyActionFactory
from tests.html import Element, parse

MEMBERS = "ICC member states"
AFRICA = "/where-we-work/africa/"


@pytest.fixture
def record(site_tree: HomePage) -> None:
    """Two parties in Africa, one of which leaves today, and one in Europe. Every member-state fact is counted."""
    today = timezone.localdate()
    for region in (Region.AFRICA, Region.AFRICA, Region.EUROPE):
        TreatyActionFactory.create(country=CountryFactory.create(region=region))
    leaving = Country.objects.filter(region=Region.AFRICA)[0]
    TreatyActionFactory.create(
        country=leaving,
        action=Action.WITHDRAWAL_NOTICE,
        date=today - timedelta(days=400),
        effect_override=today,
        effect_override_reason="As its notice says.",
    )
    KeyFact.objects.filter(kind=KeyFactKind.ICC_MEMBER_STATES).update(counted=True)


def figures(client: Client, path: str) -> dict[str, str]:
    return facts(parse(client.get(path).text).find("main"))


def facts(element: Element) -> dict[str, str]:
    terms, values = element.find_all("dt"), element.find_all("dd")
    return {term.text: value.text for term, value in zip(terms, values, strict=True)}


def words(client: Client, path: str) -> str:
    return " ".join(parse(client.get(path).text).find("main").text.split())


def test_a_counted_fact_shows_the_parties_of_today_dated(client: Client, record: None) -> None:
    assert sorted(figures(client, AFRICA).values()) == ["1", "30", "30"]
    text = words(client, AFRICA)
    today = date_format(timezone.localdate())
    assert f"ICC member states: counted from our record on {today}." in text
    assert "Last published figure: 30 (Secretariat of the Coalition)" in text


def test_every_place_shows_the_same_figure(client: Client, record: None) -> None:
    for path in ("/", "/where-we-work/"):
        items = parse(client.get(path).text).find_all("li")
        cards = {
            card.find("h3").text: facts(card)[MEMBERS]
            for card in items
            if card.get("class") == "region-card"
        }
        assert (cards["Africa"], cards["Europe"]) == ("1", "1")
    assert figures(client, AFRICA)[MEMBERS] == "1"
    assert figures(client, "/where-we-work/europe/")[MEMBERS] == "1"


def test_without_a_record_the_published_figure_is_shown(client: Client, record: None) -> None:
    assert figures(client, "/where-we-work/americas/")[MEMBERS] == "30"
    assert "our record" not in client.get("/where-we-work/americas/").text


def test_the_count_is_one_query_for_all_cards(
    record: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    index = RegionPage.objects.all()[0].get_parent()
    with django_assert_num_queries(3):
        regions = regions_under(index.path)
        shown = {
            (region.region, fact.kind): fact.figure
            for region in regions
            for fact in region.key_facts.all()
        }
    assert shown[Region.AFRICA, KeyFactKind.ICC_MEMBER_STATES] == 1
    assert sum(figure != 30 for figure in shown.values()) == 2


def test_a_region_page_asks_for_the_count_no_more_than_twice(client: Client, record: None) -> None:
    client.get(AFRICA)
    with CaptureQueriesContext(connection) as counted:
        client.get(AFRICA)
    KeyFact.objects.update(counted=False)
    with CaptureQueriesContext(connection) as plain:
        client.get(AFRICA)
    assert len(counted) - len(plain) <= 2


def test_only_member_states_can_be_counted(record: None) -> None:
    fact = KeyFact.objects.filter(kind=KeyFactKind.COALITION_MEMBERS)[0]
    fact.counted = True
    with pytest.raises(ValidationError) as error:
        fact.full_clean()
    assert "counted" in error.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        fact.save()


def test_a_translated_page_counts_as_its_original_does(client: Client, record: None) -> None:
    africa = RegionPage.objects.get(region=Region.AFRICA)
    french = Locale.objects.get_or_create(language_code="fr")[0]
    translate_object(africa, [french])
    translated = RegionPage.objects.get(region=Region.AFRICA, locale=french)
    fact = translated.key_facts.get(kind=KeyFactKind.ICC_MEMBER_STATES)
    assert (fact.counted, fact.figure, fact.value) == (True, 1, 30)


def test_the_day_of_the_published_figure_is_reported(client: Client, record: None) -> None:
    KeyFact.objects.update(as_of=date(2026, 10, 1))
    published = "Last published figure: 30 (Secretariat of the Coalition, 1 October 2026)"
    assert published in words(client, AFRICA)
