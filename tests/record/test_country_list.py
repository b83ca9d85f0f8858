"""The list of countries: search, work to do, and export."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from record.choices import Action, Certainty, Region, UNGroup
from record.models import Country, FocusYear
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory

from .country_admin import LIST, address

LIST_QUERIES = 15
FORM_QUERIES = 45


def names(response: Any) -> list[str]:
    return [country.name_en for country in response.context["object_list"]]


@pytest.fixture
def countries(db: None) -> None:
    """A party that is leaving, a signatory in focus, and a draft."""
    today = timezone.localdate()
    party = CountryFactory.create(
        name_en="Arcadia", name_ar="أركاديا", un_group=UNGroup.AFRICAN, verified_on=today
    )
    confirmed = {"certainty": Certainty.CONFIRMED}
    TreatyActionFactory.create(country=party, **confirmed)
    TreatyActionFactory.create(
        country=party, action=Action.WITHDRAWAL_NOTICE, date=today, **confirmed
    )
    signatory = CountryFactory.create(
        name_en="Ruritania",
        name_fr="Ruritanie",
        region=Region.EUROPE,
        verified_on=today - timedelta(days=400),
    )
    TreatyActionFactory.create(country=signatory, action=Action.SIGNATURE, date=date(1999, 1, 1))
    ImplementingLawFactory.create(country=signatory)
    FocusYear.objects.create(country=signatory, year=today.year, ask="Ratify")
    CountryFactory.create(name_en="Zembla", live=False)


def test_filters_search_and_order(staff_client: Client, countries: None) -> None:
    for query, expected in [
        ("", ["Arcadia", "Ruritania", "Zembla"]),
        ("?region=europe", ["Ruritania"]),
        ("?status=state_party", ["Arcadia"]),
        ("?status=signatory", ["Ruritania"]),
        ("?leaving=pending", ["Arcadia"]),
        ("?un_group=African", ["Arcadia"]),
        ("?to_do=unverified", ["Ruritania"]),
        ("?to_do=outdated", ["Ruritania", "Zembla"]),
        ("?to_do=drafts", ["Zembla"]),
        ("?focus=this_year", ["Ruritania"]),
        ("?q=ruritanie", ["Ruritania"]),
        ("?q=أركاديا", ["Arcadia"]),
        ("?ordering=-name_en", ["Zembla", "Ruritania", "Arcadia"]),
        ("?ordering=password", ["Arcadia", "Ruritania", "Zembla"]),
    ]:
        response = staff_client.get(LIST + query)
        assert names(response) == expected, query
    assert names(staff_client.get(f"{LIST}?ordering=-unverified"))[0] == "Ruritania"
    code = Country.objects.get(name_en="Zembla").iso3
    assert names(staff_client.get(f"{LIST}?q={code}")) == ["Zembla"]


def test_the_list_shows_the_status_of_each(staff_client: Client, countries: None) -> None:
    text = staff_client.get(LIST).text
    leaves_on = Country.objects.as_of(timezone.localdate()).get(name_en="Arcadia").leaves_on
    for words in ("State Party", "Signatory", "Not a party", "Draft"):
        assert words in text
    assert date_format(leaves_on, "SHORT_DATE_FORMAT") in text
    assert "Just now" not in text


def test_the_list_needs_no_more_queries_for_more_countries(
    staff_client: Client, countries: None
) -> None:
    staff_client.get(LIST)
    costs = []
    for _ in range(2):
        for country in CountryFactory.create_batch(10):
            TreatyActionFactory.create(country=country)
            country.note = "A draft"
            country.save_revision()
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= LIST_QUERIES


def test_the_form_needs_no_more_queries_for_more_actions(
    staff_client: Client, countries: None
) -> None:
    country = Country.objects.get(name_en="Arcadia")
    staff_client.get(address(country))
    costs = []
    for year in (1999, 2009):
        for number in range(10):
            TreatyActionFactory.create(
                country=country, action=Action.DECLARATION, date=date(year + number, 1, 1)
            )
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(address(country))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= FORM_QUERIES


FORMULAS = ["=HYPERLINK(1)", "+1+1", "-1", "@SUM(1)"]


def test_csv_is_text_to_a_spreadsheet(staff_client: Client, countries: None) -> None:
    for formula in FORMULAS:
        CountryFactory.create(name_en=formula, national_coalition=formula)
    text = staff_client.get(f"{LIST}?export=csv&region=africa").getvalue().decode()
    rows = {row["Name in English"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"Arcadia", "Zembla", *(f"'{formula}" for formula in FORMULAS)}
    assert rows["Arcadia"]["Status today"] == "State Party"
    assert rows["Arcadia"]["Region"] == "Africa"
    cells = [cell for row in rows.values() for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_xlsx_holds_no_formula(staff_client: Client, countries: None) -> None:
    CountryFactory.create(name_en="=HYPERLINK(1)")
    response = staff_client.get(f"{LIST}?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {"=HYPERLINK(1)", "Signatory"} <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
