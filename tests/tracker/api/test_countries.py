"""The status of states in the API."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from home.models import HomePage
from record.choices import Action
from record.models import Country, RecordVersion
from regions.models import RegionPage
from tests.factories import CountryFactory, CountryPageFactory

from .conftest import act

LIST = "/api/v1/countries"


def get(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return response.json()


def codes(client: Client, query: str) -> list[str]:
    return [country["iso3"] for country in get(client, f"{LIST}?{query}")["countries"]]


def test_every_state_in_the_order_of_codes(client: Client, record: dict[str, Country]) -> None:
    answer = get(client, f"{LIST}?on=2026-11-22")
    assert [country["iso3"] for country in answer["countries"]] == ["CHN", "KEN", "NER", "RUS"]
    assert (answer["as_of"], answer["total"], answer["next"]) == ("2026-11-22", 4, None)
    assert answer["record_version"] == str(RecordVersion.objects.first())
    assert answer["countries"][1] == {
        "iso3": "KEN",
        "iso2": "KE",
        "m49": "404",
        "names": {"en": "Kenya", "fr": "Kenya", "es": "Kenia", "ar": "كينيا"},
        "un_name": None,
        "region": "africa",
        "un_group": None,
        "status": "state_party",
        "since": "2005-06-01",
        "signed_on": "1999-08-11",
        "consented_on": "2005-03-15",
        "joins_on": None,
        "leaves_on": None,
        "declared_on": None,
        "in_words": "State Party since 1 June 2005",
        "complementarity": {"stage": "enacted", "coverage": "full"},
        "cooperation": {"stage": "drafting", "coverage": "unknown"},
        "ask": "Arrest whom the Court seeks.",
        "verified_on": "2026-11-01",
        "url": None,
        "record": "http://127.0.0.1:8000/api/v1/countries/KEN",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region=africa", ["KEN", "NER"]),
        ("on=2026-11-22&status=state_party", ["KEN", "NER"]),
        ("on=2026-11-22&status=leaving", ["NER"]),
        ("on=2027-06-18&status=withdrawn", ["NER"]),
        ("on=2001-01-01&status=signatory", ["KEN", "RUS"]),
        ("complementarity=enacted", ["KEN"]),
        ("complementarity=unknown", ["CHN", "NER", "RUS"]),
        ("cooperation=drafting", ["KEN"]),
        ("on=2026-11-22&focus=1", ["KEN"]),
        ("on=2025-11-22&focus=1", []),
        ("q=kenia", ["KEN"]),
        ("q=rus&region=africa", []),
    ],
)
def test_filters_mean_what_they_mean_on_the_page(
    client: Client, record: dict[str, Country], query: str, expected: list[str]
) -> None:
    assert codes(client, query) == expected


def test_a_state_that_leaves_is_a_party_until_its_day(
    client: Client, record: dict[str, Country]
) -> None:
    before, after = (
        get(client, f"{LIST}?on={day}&q=NER")["countries"][0]
        for day in ("2027-06-17", "2027-06-18")
    )
    assert (before["status"], before["leaves_on"]) == ("state_party", "2027-06-18")
    assert (after["status"], after["since"]) == ("withdrawn", "2027-06-18")


def test_the_parts_of_the_list_make_the_whole(client: Client, record: dict[str, Country]) -> None:
    seen: list[str] = []
    address: str | None = f"{LIST}?on=2026-11-22&region=africa&limit=1"
    while address:
        response = client.get(address)
        answer = response.json()
        seen += [country["iso3"] for country in answer["countries"]]
        assert (answer["total"], answer["as_of"]) == (2, "2026-11-22")
        address = answer["next"]
        assert response.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert seen == ["KEN", "NER"]


def test_all_parts_are_of_the_day_of_the_first(client: Client, record: dict[str, Country]) -> None:
    answer = get(client, f"{LIST}?limit=1")
    assert f"on={answer['as_of']}" in answer["next"]


def test_a_new_state_does_not_shift_the_parts(client: Client, record: dict[str, Country]) -> None:
    following = get(client, f"{LIST}?limit=2")["next"]
    CountryFactory.create(number=650, iso3="AAA")
    assert [country["iso3"] for country in get(client, following)["countries"]] == ["NER", "RUS"]


def test_drafts_are_not_reported(client: Client, record: dict[str, Country]) -> None:
    CountryFactory.create(number=650, iso3="XXA", live=False)
    assert "XXA" not in codes(client, "")
    assert client.get(f"{LIST}/XXA").status_code == 404


def test_the_address_of_its_page(
    client: Client, record: dict[str, Country], site_tree: HomePage
) -> None:
    region = RegionPage.objects.get(region="africa")
    CountryPageFactory.create(parent=region, country=record["KEN"], slug="kenya")
    country = get(client, f"{LIST}/KEN")["country"]
    assert country["url"] == "http://127.0.0.1:8000/where-we-work/africa/kenya/"


def test_all_that_is_known_of_a_state(client: Client, record: dict[str, Country]) -> None:
    answer = get(client, f"{LIST}/KEN?on=2010-01-01")
    country = answer["country"]
    assert (answer["as_of"], country["status"]) == ("2010-01-01", "state_party")
    assert country["treaty_actions"][1] == {
        "treaty": "rome-statute",
        "action": "ratification",
        "date": "2005-03-15",
        "takes_effect_on": "2005-06-01",
        "effect_override_reason": None,
        "source": "UN Treaty Collection",
        "certainty": "to_be_verified",
        "note": None,
    }
    assert {law["title"] for law in country["laws"]} == {"International Crimes Act", "Bill"}
    assert country["focus_years"] == [{"year": 2026, "ask": "Arrest whom the Court seeks."}]
    assert country["amendments"] == []


def test_amendments_are_those_accepted_by_the_day(
    client: Client, record: dict[str, Country]
) -> None:
    accepted = {
        "treaty": "art8-2010",
        "accepted_on": "2018-01-10",
        "takes_effect_on": "2019-01-10",
    }
    assert get(client, f"{LIST}/KEN?on=2018-01-10")["country"]["amendments"] == [accepted]
    act(record["KEN"], Action.INSTRUMENT_WITHDRAWN, "2018-06-01", treaty="art8-2010")
    assert get(client, f"{LIST}/KEN?on=2018-06-01")["country"]["amendments"] == []


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        get(client, address)
    return len(queries)


def test_queries_do_not_grow_with_the_record(client: Client, record: dict[str, Country]) -> None:
    addresses = [f"{LIST}?limit=500", f"{LIST}?limit=2", f"{LIST}/KEN"]
    get(client, LIST)  # Wagtail keeps the roots of sites in the shared cache.
    before = [_cost(client, address) for address in addresses]
    for number in range(40):
        CountryFactory.create(number=600 + number)
    for year in range(1999, 2025):
        act(record["KEN"], Action.DECLARATION, f"{year}-02-01")
    assert [_cost(client, address) for address in addresses] == before
    # Two load the record, two the addresses of pages; a worker remembers both.
    assert max(before[:2]) <= 4


def test_an_empty_record_is_no_error(client: Client, db: None) -> None:
    answer = get(client, LIST)
    assert (answer["record_version"], answer["countries"]) == (None, [])
    assert get(client, "/api/v1/")["counts"]["total"] == 0


def test_the_overview_counts_and_says_how_to_cite(
    client: Client, record: dict[str, Country], settings: Settings
) -> None:
    answer = get(client, "/api/v1/")
    counts = answer["counts"]
    assert counts["total"] == 4
    assert (
        counts["state_party"] + counts["signatory"] + counts["withdrawn"] + counts["non_party"]
        == counts["total"]
    )
    assert answer["record_version"] in answer["citation"]
    for address in answer["links"].values():
        path = address.removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200, path
