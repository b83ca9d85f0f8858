"""The filters of the tracker, valid and invalid."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from charts.world_map import Kind
from core.days import today
from record.choices import Action, LawKind, LawStage, Region, Status
from record.memory import load_record
from record.models import Country, FocusYear
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory
from tracker.filters import NOT_KNOWN, Sort, TrackerQuery, last_day

pytestmark = pytest.mark.django_db


def asked(query: str) -> TrackerQuery:
    return TrackerQuery.from_params(QueryDict(query))


def names(query: str, language: str = "en") -> list[str]:
    tracker_query = asked(query)
    assert tracker_query.errors == {}
    return names_found(tracker_query, language)


def names_found(query: TrackerQuery, language: str = "en") -> list[str]:
    return [state.country.name_en for state in query.select(load_record().on(query.on), language)]


def land(name: str, *actions: tuple[Action, date], **fields: object) -> Country:
    country: Country = CountryFactory.create(name_en=name, **fields)
    for action, day in actions:
        TreatyActionFactory.create(country=country, action=action, date=day)
    return country


def test_without_filters_it_is_every_state_today() -> None:
    land("Chad")
    land("Austria")
    assert asked("").on == today()
    assert names("") == ["Austria", "Chad"]
    assert names("?utm_source=mail".removeprefix("?")) == ["Austria", "Chad"]


def test_a_day_shows_the_status_of_states_on_it() -> None:
    land("Kenya", (Action.SIGNATURE, date(1999, 8, 11)), (Action.RATIFICATION, date(2005, 3, 15)))
    assert names("on=2005-05-31&status=signatory") == ["Kenya"]
    assert names("on=2005-06-01&status=state_party") == ["Kenya"]
    assert names("on=1999-08-10&status=non_party") == ["Kenya"]


def test_states_that_leave_are_parties_until_then() -> None:
    land(
        "Niger",
        (Action.ACCESSION, date(2002, 4, 11)),
        (Action.WITHDRAWAL_NOTICE, date(2026, 6, 18)),
    )
    land("Senegal", (Action.ACCESSION, date(1999, 2, 2)))
    assert names("on=2026-11-22&status=leaving") == ["Niger"]
    assert names("on=2026-11-22&status=state_party") == ["Niger", "Senegal"]
    assert names("on=2027-06-18&status=withdrawn") == ["Niger"]
    assert names("on=2027-06-18&status=leaving") == []


def test_by_region_law_focus_and_text() -> None:
    austria = land("Austria", region=Region.EUROPE)
    benin = land("Benin", region=Region.AFRICA)
    ImplementingLawFactory.create(country=austria, kind=LawKind.COOPERATION, stage=LawStage.AMENDED)
    FocusYear.objects.create(country=benin, year=2020, ask="Adopt a law.")
    assert names("region=europe") == ["Austria"]
    assert names("cooperation=amended") == ["Austria"]
    assert names("cooperation=unknown") == ["Benin"]
    assert names("complementarity=unknown&region=europe") == ["Austria"]
    assert names("focus=1&on=2020-05-05") == ["Benin"]
    assert names("focus=1&on=2021-05-05") == []
    assert names("q=%C3%81ustr") == ["Austria"]
    assert names(f"q={benin.iso3.lower()}") == ["Benin"]


def test_orders() -> None:
    land("Peru", (Action.ACCESSION, date(2001, 11, 10)), region=Region.AMERICAS)
    land("Mali", (Action.ACCESSION, date(2000, 8, 16)), region=Region.AFRICA)
    land("Cuba", region=Region.AMERICAS)
    land("Iran", (Action.SIGNATURE, date(2000, 12, 31)), region=Region.ASIA_PACIFIC)
    assert names("sort=-name") == ["Peru", "Mali", "Iran", "Cuba"]
    assert names("sort=region") == ["Mali", "Cuba", "Peru", "Iran"]
    assert names("sort=status") == ["Mali", "Peru", "Iran", "Cuba"]
    assert names("sort=since") == ["Iran", "Mali", "Peru", "Cuba"]
    assert names("sort=-since") == ["Mali", "Peru", "Iran", "Cuba"]


def test_an_address_holds_the_filters() -> None:
    query = asked("sort=name&utm_source=mail&on=2020-1-2&region=africa&q=")
    assert query.urlencode() == "on=2020-01-02&region=africa&sort=name"
    assert (
        query.urlencode(region=None, status=Kind.LEAVING)
        == "on=2020-01-02&status=leaving&sort=name"
    )
    assert asked("").urlencode() == ""
    assert asked("q=C%C3%B4te+d%26").urlencode() == "q=C%C3%B4te+d%26"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("on=2020-13-45", "on"),
        ("on=yesterday", "on"),
        ("on=1998-07-16", "on"),
        ("on=9999-12-31", "on"),
        ("on=0000-00-00", "on"),
        ("region=mars", "region"),
        ("region=africa&region=europe", "region"),
        ("status=state_party%00", "status"),
        ("complementarity=best", "complementarity"),
        ("cooperation=worst", "cooperation"),
        ("focus=yes", "focus"),
        ("sort=area", "sort"),
        (f"q={'x' * 5_000}", "q"),
        ("q=%00", "q"),
        (f"region={'x' * 5_000}", "region"),
    ],
)
def test_invalid_filters_are_reported_and_ignored(query: str, field: str) -> None:
    land("Austria")
    found = asked(query)
    assert list(found.errors) == [field]
    assert all(len(message) < 150 for message in found.errors[field])
    assert names_found(found) == ["Austria"]
    assert found.urlencode() == ""


def test_one_wrong_filter_leaves_the_others() -> None:
    found = asked("region=mars&status=signatory")
    assert (found.region, found.status) == ("", Status.SIGNATORY)


def test_errors_are_in_the_language_of_the_reader_once_translated() -> None:
    with override("fr"):
        found = asked("on=1998-07-16")
        assert "17 juillet 1998" in found.errors["on"][0]


def test_days_to_come() -> None:
    assert asked(f"on={today() + timedelta(days=1)}").is_of_future
    assert not asked(f"on={today()}").is_of_future
    assert asked(f"on={last_day()}").errors == {}
    assert "on" in asked(f"on={last_day() + timedelta(days=1)}").errors


values = st.one_of(
    st.text(max_size=300),
    st.dates().map(str),
    st.sampled_from([*Region.values, *Kind.values, *LawStage.values, *Sort.values, NOT_KNOWN, "1"]),
)
parameters = st.sampled_from(
    ["q", "on", "region", "status", "complementarity", "cooperation", "focus", "sort", "x"]
)


class HostileQueries(TestCase):
    @settings(max_examples=200)
    @given(st.lists(st.tuples(parameters, values), max_size=6))
    def test_no_query_breaks_the_tracker(self, pairs: list[tuple[str, str]]) -> None:
        params = QueryDict(mutable=True)
        for name, value in pairs:
            params.appendlist(name, value)
        query = TrackerQuery.from_params(params)
        names_found(query, "ar")
        again = asked(query.urlencode())
        assert again.errors == {}
        assert again == query
