"""The CSV file of the tracker."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from core.spreadsheet import unescape_formulas
from record.choices import Action, Treaty
from record.models import Country, RecordVersion
from tests.factories import CountryFactory, TreatyActionFactory
from tracker.download import COLUMNS

pytestmark = pytest.mark.django_db


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/tracker/countries.csv{query}")
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_line_holds_what_is_known_of_a_state(client: Client, states: dict[str, Country]) -> None:
    for treaty, action, day in (
        (Treaty.APIC, Action.RATIFICATION, date(2014, 9, 25)),
        (Treaty.AGGRESSION_2010, Action.ACCEPTANCE, date(2015, 1, 2)),
    ):
        TreatyActionFactory.create(country=states["SEN"], treaty=treaty, action=action, date=day)
    by_code = {line["iso3"]: line for line in lines(client, "?on=2026-11-22")}
    assert list(by_code) == ["ARM", "BDI", "CHN", "EGY", "NER", "SEN"]
    stamp = RecordVersion.objects.first().stamp  # type: ignore[union-attr]
    expected = {
        "status": "state_party",
        "since": "2002-07-01",
        "signed_on": "1998-07-18",
        "consent_kind": "ratification",
        "consented_on": "1999-02-02",
        "in_force_on": "2002-07-01",
        "leaves_on": "",
        "status_certainty": "confirmed",
        "complementarity_stage": "enacted",
        "complementarity_certainty": "to_be_verified",
        "cooperation_stage": "",
        "apic_on": "2014-09-25",
        "aggression_on": "2015-01-02",
        "as_of": "2026-11-22",
        "record_version": stamp,
    }
    assert {name: by_code["SEN"][name] for name in expected} == expected
    assert by_code["NER"]["leaves_on"] == "2027-06-18"
    assert by_code["NER"]["pending_certainty"] == "to_be_verified"
    assert by_code["BDI"]["since"] == "2017-10-27"
    assert by_code["ARM"]["ask"] == "Adopt a law on cooperation."


def test_filters_are_those_of_the_page(client: Client, states: dict[str, Country]) -> None:
    query = "?on=2026-11-22&region=africa&status=state_party&sort=-name"
    assert [line["iso3"] for line in lines(client, query)] == ["SEN", "NER"]


def test_actions_of_later_days_are_not_reported(client: Client, states: dict[str, Country]) -> None:
    (line,) = lines(client, "?on=2016-12-31&q=BDI")
    assert (line["status"], line["leaves_on"]) == ("state_party", "2017-10-27")
    (line,) = lines(client, "?on=2003-01-01&q=BDI")
    assert (line["status"], line["consented_on"], line["in_force_on"]) == ("signatory", "", "")


def test_file_and_headers_say_which_state_of_the_record_it_is(
    client: Client, states: dict[str, Country]
) -> None:
    response = client.get("/tracker/countries.csv?on=2010-01-01")
    version = RecordVersion.objects.first()
    assert version is not None
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"]
        == f'attachment; filename="rome-statute-states-2010-01-01-record-{version.stamp}.csv"'
    )
    assert response["ETag"]
    assert response["Last-Modified"]
    assert 'rel="describedby"' in response["Link"]
    again = client.get("/tracker/countries.csv?on=2010-01-01", HTTP_IF_NONE_MATCH=response["ETag"])
    assert again.status_code == 304


def test_no_cell_is_a_formula(client: Client) -> None:
    starts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
    for number, start in enumerate(starts):
        CountryFactory.create(name_en=start, name_fr=f'{start}","=1', un_name=f"{start}\n=1")
        assert number == Country.objects.count() - 1
    for line in lines(client):
        for cell in line.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
        assert unescape_formulas(line["name_en"]) in starts


def test_all_states_cost_five_queries_at_most(
    client: Client,
    states: dict[str, Country],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(5):
        client.get("/tracker/countries.csv")


def test_invalid_filters_are_refused_with_reasons(client: Client) -> None:
    response = client.get("/tracker/countries.csv?on=2020-13-45&region=mars")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "on: “2020-13-45” is not a date." in response.text
    assert "region: “mars” is not one of the choices." in response.text


def test_today_is_the_day_without_a_day(client: Client, states: dict[str, Country]) -> None:
    assert {line["as_of"] for line in lines(client)} == {str(timezone.now().date())}


def test_the_dictionary_explains_every_column(client: Client, home_page: object) -> None:
    html = client.get("/tracker/data-dictionary/").text
    for column in COLUMNS:
        assert f'<code dir="ltr">{column.name}</code>' in html
        for value, _label in column.choices:
            assert f'<code dir="ltr">{value}</code>' in html
