"""The rule of a status in Python and in SQL: both say the same of any history, on any day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.fixtures import DjangoAssertNumQueries

from record.choices import Action, Certainty, LawKind, Region, Status, Treaty
from record.memory import by_name, current_record, in_order, load_record
from record.models import Country, FocusYear, TreatyAction
from record.status import DayOutOfRangeError, History, Standing
from record.treaties import FIRST_DAY
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory

pytestmark = pytest.mark.django_db

FIELDS = ("status", "since", "signed_on", "consented_on", "joins_on", "leaves_on", "declared_on")
days = st.dates(FIRST_DAY, date(2028, 12, 31))
# Few different dates, so that actions fall on one day and on days of effect of others.
crowded_days = st.sampled_from(
    [
        FIRST_DAY + timedelta(days=offset)
        for offset in (0, 30, 31, 60, 76, 77, 365, 366, 400, 1443, 1444, 1460, 1825, 2190)
    ]
)
treaties = st.sampled_from([Treaty.ROME_STATUTE, Treaty.APIC, Treaty.ART124_2015])
acts = st.tuples(st.sampled_from(Action), crowded_days | days, st.none() | st.integers(-200, 900))
histories = st.lists(acts, max_size=9, unique_by=lambda act: act[:2])


def act(
    country: Country, treaty: Treaty, action: Action, day: date, lag: int | None
) -> TreatyAction:
    """Record an action that takes effect by the rule, or `lag` days after its date: before it only for successions."""
    if lag is None or (lag < 0 and action != Action.SUCCESSION):
        override = {}
    else:
        effect = day + timedelta(days=lag)
        override = {"effect_override": effect, "effect_override_reason": "Says so."}
    fields: dict[str, Any] = {"country": country, "treaty": treaty, "action": action, "date": day}
    return TreatyActionFactory.create(**fields, **override)


def told(standing: Any) -> dict[str, Any]:
    return {name: getattr(standing, name) for name in FIELDS}


def days_of_interest(actions: list[TreatyAction]) -> set[date]:
    """Each day on which something changes, the one before and the one after."""
    turns = {action.date for action in actions} | {
        action.takes_effect_on for action in actions if action.takes_effect_on
    }
    around = {turn + timedelta(days=step) for turn in turns for step in (-1, 0, 1)}
    return {day for day in around if day >= FIRST_DAY}


class AnyHistory(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(treaty=treaties, history=histories, others=st.sets(days, max_size=3))
    def test_python_and_sql_agree_on_every_day(
        self, treaty: Treaty, history: list[tuple[Action, date, int | None]], others: set[date]
    ) -> None:
        country = CountryFactory.create()
        for action, day, lag in history:
            act(country, treaty, action, day, lag)
        actions = list(TreatyAction.objects.filter(country=country))
        in_python = History(actions)
        for day in days_of_interest(actions) | others:
            row = Country.objects.as_of(day, treaty=treaty).get()
            standing = in_python.on(day)
            assert told(standing) == told(row), day
            assert in_python.is_party(day) == (row.status == Status.STATE_PARTY)
            for_basis = TreatyAction.objects.filter(country=country).in_effect(
                treaty=treaty, on=day
            )
            if first := for_basis.first():
                assert standing.basis == first
            pending = TreatyAction.objects.filter(country=country).pending(treaty=treaty, on=day)
            assert standing.pending == pending.first()

    @settings(max_examples=20, deadline=None)
    @given(st.lists(histories, min_size=2, max_size=4), st.lists(days, min_size=1, max_size=4))
    def test_the_record_in_memory_agrees_with_the_database(
        self, filed: list[list[tuple[Action, date, int | None]]], days: list[date]
    ) -> None:
        for history in filed:
            country = CountryFactory.create()
            for action, day, lag in history:
                act(country, Treaty.ROME_STATUTE, action, day, lag)
        record = load_record()
        for day in days:
            in_memory = {state.country.pk: told(state.standing) for state in record.on(day)}
            assert in_memory == {row.pk: told(row) for row in Country.objects.as_of(day)}
            parties = Country.objects.as_of(day).state_parties().count()
            assert record.parties_on([day]) == {day: parties}


def standing(*actions: Any, on: date) -> Standing[Any]:
    return History(actions).on(on)


def test_actions_need_not_be_stored() -> None:
    accession = TreatyAction(
        action=Action.ACCESSION, date=date(2019, 3, 4), takes_effect_on=date(2019, 6, 1)
    )
    withdrawn = TreatyAction(action=Action.INSTRUMENT_WITHDRAWN, date=date(2019, 4, 29))
    assert standing(accession, on=date(2019, 6, 1)).status == Status.STATE_PARTY
    assert standing(withdrawn, accession, on=date(2019, 4, 28)).joins_on == date(2019, 6, 1)
    assert standing(withdrawn, accession, on=date(2019, 6, 1)).status == Status.NON_PARTY
    actions: list[Any] = [withdrawn, accession]
    assert History(actions).cancellation(accession) is withdrawn


def test_there_is_no_day_before_the_statute() -> None:
    with pytest.raises(DayOutOfRangeError):
        standing(on=FIRST_DAY - timedelta(days=1))


def test_the_record_is_read_in_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        country = CountryFactory.create()
        act(country, Treaty.APIC, Action.ACCESSION, date(2010, 1, 1), None)
        ImplementingLawFactory.create(country=country)
        FocusYear.objects.create(country=country, year=2026, ask="Join.")
    with django_assert_num_queries(5):
        record = current_record()
    with django_assert_num_queries(0):
        states = [state for year in range(1999, 2029) for state in record.on(date(year, 1, 1))]
        assert all(state.deposit(Treaty.APIC) is None for state in states[:3])
    assert [state.ask for state in record.on(date(2026, 1, 1))] == ["Join."] * 3


def test_drafts_are_no_part_of_it() -> None:
    draft = CountryFactory.create(live=False)
    act(draft, Treaty.ROME_STATUTE, Action.ACCESSION, date(2003, 1, 1), None)
    record = load_record()
    assert record.countries == {}
    with pytest.raises(Country.DoesNotExist):
        record.get(draft.pk)


def test_a_doubt_about_what_is_behind_the_status_or_pending_is_told() -> None:
    country = CountryFactory.create()
    act(country, Treaty.ROME_STATUTE, Action.ACCESSION, date(2003, 1, 1), None)
    notice = act(country, Treaty.ROME_STATUTE, Action.WITHDRAWAL_NOTICE, date(2020, 1, 1), None)
    TreatyAction.objects.update(certainty=Certainty.CONFIRMED)
    TreatyAction.objects.filter(pk=notice.pk).update(certainty=Certainty.TO_BE_VERIFIED)
    [before] = load_record().on(date(2019, 12, 31))
    [pending] = load_record().on(date(2020, 1, 1))
    assert (before.is_to_be_verified, pending.is_to_be_verified) == (False, True)
    assert (before.is_leaving, pending.is_leaving) == (False, True)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_names_stand_as_the_database_has_them(language: str) -> None:
    names = ["Zambie", "États-Unis", "Albanie", "Fidji", "ايطاليا", "ألبانيا", "بلجيكا", "إثيوبيا"]
    for name in names:
        CountryFactory.create(**{f"name_{language}": name})
    states = by_name(load_record().on(date(2020, 1, 1)), language)
    in_database = Country.objects.published().by_name(language)
    assert [state.country.pk for state in states] == [country.pk for country in in_database]


def test_states_stand_in_the_order_asked_for() -> None:
    for number, region in enumerate(reversed(Region)):
        country = CountryFactory.create(name_en=f"{number}", region=region)
        if number % 2:
            day = date(2010 - number, 1, 1)
            act(country, Treaty.ROME_STATUTE, Action.ACCESSION, day, None)
    states = load_record().on(date(2020, 1, 1))

    def names(sort: str) -> str:
        return "".join(state.country.name_en for state in in_order(states, sort, "en"))

    assert (names("name"), names("-name")) == ("01234", "43210")
    assert (names("region"), names("-region")) == ("43210", "01234")
    assert (names("status"), names("-status")) == ("13024", "02413")
    assert (names("since"), names("-since")) == ("31024", "13024")


def test_a_law_of_another_kind_is_not_taken_for_it() -> None:
    ImplementingLawFactory.create(kind=LawKind.COOPERATION, date=date(2010, 1, 1))
    [state] = load_record().on(date(2010, 1, 1))
    assert (state.complementarity, state.cooperation is None) == (None, False)
