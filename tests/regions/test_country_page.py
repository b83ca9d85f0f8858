"""The page of a country."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import HomePage
from record.choices import Action, Certainty, LawKind, LawStage, Region, Treaty
from record.country_codes import neighbours_of
from record.models import Country, FocusYear
from regions.models import CountryPage, RegionPage
from tests import factories
from tests.html import Element, parse

Act = Callable[..., None]


@pytest.fixture
def page(site_tree: HomePage) -> CountryPage:
    country = factories.CountryFactory.create(name_en="Kenya", iso3="KEN", region=Region.AFRICA)
    made: CountryPage = factories.CountryPageFactory.create(
        parent=RegionPage.objects.get(region=Region.AFRICA), country=country
    )
    return made


@pytest.fixture
def act(page: CountryPage) -> Act:
    def act(action: Action, day: date, **fields: object) -> None:
        factories.TreatyActionFactory.create(
            country=page.country, action=action, date=day, **fields
        )

    return act


def read(client: Client, page: CountryPage) -> Element:
    response = client.get(page.url)
    assert response.status_code == 200
    return parse(response.text).find("main")


def timeline(main: Element) -> list[str]:
    lists = [ol for ol in main.find_all("ol") if ol.get("class") == "timeline"]
    return [li.text for li in lists[0].find_all("li")] if lists else []


def test_the_status_is_at_the_top(client: Client, page: CountryPage, act: Act) -> None:
    assert "Not a party" in read(client, page).find("header").text
    act(Action.SIGNATURE, date(1999, 8, 11), certainty=Certainty.CONFIRMED)
    act(Action.RATIFICATION, date(2005, 3, 15), certainty=Certainty.CONFIRMED)
    head = read(client, page).find("header").text
    assert "State Party since 1 June 2005" in head
    assert "To be verified" not in head
    assert "Not verified yet." in head


def test_a_doubtful_day_is_marked(client: Client, page: CountryPage, act: Act) -> None:
    act(Action.ACCESSION, date(2005, 3, 15), certainty=Certainty.TO_BE_VERIFIED)
    main = read(client, page)
    assert "To be verified" in main.find("header").text
    assert "To be verified" in timeline(main)[0]
    assert "are still to be checked" in main.text


def test_the_day_of_the_last_check_is_reported(client: Client, page: CountryPage) -> None:
    Country.objects.update(verified_on=date(2026, 5, 4))
    assert "Last verified on 4 May 2026." in read(client, page).find("header").text


def test_the_timeline_explains_each_action(client: Client, page: CountryPage, act: Act) -> None:
    act(Action.ACCESSION, date(2015, 1, 2))
    notice = timezone.now().date() - timedelta(days=30)
    act(Action.WITHDRAWAL_NOTICE, notice, source="C.N.1.2026")
    accession, withdrawal, leaving = timeline(read(client, page))
    assert "2 January 2015 Rome Statute: Accession" in accession
    assert "In force for the state since 1 April 2015." in accession
    assert "Source: C.N.1.2026" in withdrawal
    year = notice.year + 1
    assert f"Takes effect on {notice.day} {notice:%B} {year}." in withdrawal
    assert leaving.startswith(f"{notice.day} {notice:%B} {year} Rome Statute: withdrawing")


def test_a_revoked_notice_announces_nothing(client: Client, page: CountryPage, act: Act) -> None:
    act(Action.ACCESSION, date(2002, 1, 1))
    notice = timezone.now().date() - timedelta(days=30)
    act(Action.WITHDRAWAL_NOTICE, notice)
    act(Action.WITHDRAWAL_NOTICE_REVOKED, notice + timedelta(days=5))
    entries = timeline(read(client, page))
    assert len(entries) == 3
    assert "Revoked on" in entries[1]


def test_a_withdrawal_of_the_past_has_had_its_effect(
    client: Client, page: CountryPage, act: Act
) -> None:
    act(Action.ACCESSION, date(2004, 9, 21))
    act(Action.WITHDRAWAL_NOTICE, date(2016, 10, 27))
    main = read(client, page)
    assert "Withdrew on 27 October 2017" in main.find("header").text
    assert "Took effect on 27 October 2017." in timeline(main)[1]


def treaties(main: Element) -> dict[str, str]:
    rows = main.find("table").find("tbody").find_all("tr")
    return {row.find("th").text: row.find("td").text for row in rows}


def test_the_treaties_are_shown_with_their_record(
    client: Client, page: CountryPage, act: Act
) -> None:
    act(Action.ACCESSION, date(2004, 9, 21))
    act(Action.SIGNATURE, date(2003, 1, 2), treaty=Treaty.APIC)
    act(Action.RATIFICATION, date(2014, 3, 14), treaty=Treaty.AGGRESSION_2010)
    act(Action.ACCESSION, date(2024, 3, 14), treaty=Treaty.LJUBLJANA_THE_HAGUE_2023)
    rows = treaties(read(client, page))
    assert set(rows) == {str(treaty.label) for treaty in Treaty} - {"Rome Statute"}
    assert rows[str(Treaty.APIC.label)].startswith("Signed on 2 January 2003; not a party.")
    assert "In force for the state since 14 March 2015." in rows[str(Treaty.AGGRESSION_2010.label)]
    convention = rows[str(Treaty.LJUBLJANA_THE_HAGUE_2023.label)]
    assert "Date of effect not known." in convention
    assert rows[str(Treaty.ART8_2010.label)] == "Nothing recorded."


def test_amendments_are_only_for_states_that_joined(client: Client, page: CountryPage) -> None:
    assert set(treaties(read(client, page))) == {
        str(Treaty.APIC.label),
        str(Treaty.LJUBLJANA_THE_HAGUE_2023.label),
    }


def test_the_laws_are_shown_with_their_stage(client: Client, page: CountryPage) -> None:
    assert "No law recorded." in read(client, page).text
    factories.ImplementingLawFactory.create(
        country=page.country, title="Crimes Act", link="https://example.org/act", source="Gazette"
    )
    factories.ImplementingLawFactory.create(
        country=page.country, kind=LawKind.COOPERATION, stage=LawStage.DRAFTING
    )
    main = read(client, page)
    assert "https://example.org/act" in {link["href"] for link in main.find_all("a")}
    assert "Crimes Act For Complementarity Stage Enacted" in main.text
    assert "Cooperation Stage Being drafted" in main.text


def test_the_ask_of_this_year_is_highlighted(client: Client, page: CountryPage) -> None:
    this_year = timezone.now().year
    for year, ask in ((this_year, "Pass the bill."), (this_year - 1, "Draft a bill.")):
        FocusYear.objects.create(country=page.country, year=year, ask=ask)
    main = read(client, page)
    assert "Draft a bill." in main.find("details").text
    assert "Pass the bill." not in main.find("details").text
    assert f"What we ask in {this_year}" in main.text


def test_it_leads_to_its_neighbours(client: Client, page: CountryPage) -> None:
    for name, iso3 in (("Uganda", "UGA"), ("Peru", "PER")):
        country = factories.CountryFactory.create(name_en=name, iso3=iso3)
        factories.CountryPageFactory.create(parent=page.get_parent(), country=country)
    main = read(client, page)
    assert "/where-we-work/africa/uganda/" in {link["href"] for link in main.find_all("a")}
    assert "Peru" not in main.text


def test_an_island_leads_to_others_of_its_region(client: Client, site_tree: HomePage) -> None:
    region_page = RegionPage.objects.get(region=Region.AFRICA)
    for name, iso3 in (("Mauritius", "MUS"), ("Mali", "MLI"), ("Niger", "NER")):
        country = factories.CountryFactory.create(name_en=name, iso3=iso3)
        factories.CountryPageFactory.create(parent=region_page, country=country)
    main = read(client, CountryPage.objects.get(country__iso3="MUS"))
    assert "No land neighbours." in main.text
    names = [link.text for link in main.find_all("nav")[-1].find_all("a")]
    assert names == ["Niger", "Mali"]


@pytest.mark.parametrize(
    ("state", "neighbours"),
    [
        ("MRT", {"DZA", "MLI", "SEN"}),  # Western Sahara lies between Mauritania and Morocco.
        ("MAR", {"DZA", "ESP"}),
        ("SUR", {"BRA", "FRA", "GUY"}),
        ("ALB", {"GRC", "MKD", "MNE", "SRB"}),
        ("DJI", {"ERI", "ETH", "SOM"}),
        ("CYP", set()),
        ("NZL", set()),
        ("PSE", {"EGY", "ISR", "JOR"}),
    ],
)
def test_neighbours_follow_the_borders_of_the_united_nations(
    state: str, neighbours: set[str]
) -> None:
    assert neighbours_of(state) == neighbours


def test_structured_data_names_the_country(client: Client, page: CountryPage, act: Act) -> None:
    act(Action.ACCESSION, date(2005, 3, 15))
    head = parse(client.get(page.url).text).find("head")
    [script] = [s for s in head.find_all("script") if s["type"] == "application/ld+json"]
    kinds = {item["@type"]: item for item in json.loads(script.text)["@graph"]}
    assert kinds["WebPage"]["about"] == {
        "@type": "Country",
        "name": "Kenya",
        "identifier": "KEN",
    }
    [description] = [m for m in head.find_all("meta") if m.get("name") == "description"]
    assert description["content"] == (
        "Kenya and the International Criminal Court: State Party since 1 June 2005."
    )


def test_a_country_that_is_not_published_shows_no_record(client: Client, page: CountryPage) -> None:
    page.country.unpublish()
    assert "The record of this state is not published." in read(client, page).text


def test_more_entries_need_no_more_queries(client: Client, page: CountryPage, act: Act) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, page)
        return len(queries)

    act(Action.ACCESSION, date(2005, 3, 15))
    cost()
    before = cost()
    for number in range(30):
        act(Action.DECLARATION, date(2006, 1, 1) + timedelta(days=number), treaty=Treaty.APIC)
        factories.ImplementingLawFactory.create(country=page.country, title=str(number))
    assert cost() == before


def test_a_region_lists_its_countries(client: Client, page: CountryPage, act: Act) -> None:
    act(Action.ACCESSION, date(2005, 3, 15))
    factories.CountryFactory.create(name_en="Mali")
    factories.CountryFactory.create(name_en="Peru", region=Region.AMERICAS)
    main = parse(client.get("/where-we-work/africa/").text).find("main")
    assert page.url in {link["href"] for link in main.find_all("a")}
    assert "Kenya State Party Mali Not a party" in main.text
    assert "Peru" not in main.text
