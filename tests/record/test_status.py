"""The rule of the status in Python and in SQL: they agree on any history and any day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db.models import Model, QuerySet
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
STATES = 12
# Few different dates, so that actions coincide with one another and with days of effect.
DAYS = [
    FIRST_DAY + timedelta(days=offset)
    for offset in (0, 1, 29, 30, 31, 60, 61, 365, 366, 367, 730, 731)
]
days = st.sampled_from(DAYS) | st.dates(FIRST_DAY, date(2003, 1, 1))
lags = st.none() | st.sampled_from([0, 1, 30, 60, 365, 366]) | st.integers(-200, 900)
acts = st.tuples(st.sampled_from(Action), days, lags)
histories = st.lists(acts, max_size=9, unique_by=lambda act: act[:2])


def told(standing: Any) -> dict[str, Any]:
    return {name: getattr(standing, name) for name in FIELDS}


def file(
    country: Country, treaty: Treaty, history: list[tuple[Action, date, int | None]]
) -> Iterator[TreatyAction]:
    """Create actions that take effect a number of days after their date, or before it if they are successions."""
    for action, day, lag in history:
        is_possible = lag is not None and (lag >= 0 or action == Action.SUCCESSION)
        yield TreatyAction(
            country=country,
            treaty=treaty,
            action=action,
            date=day,
            takes_effect_on=day + timedelta(days=lag) if is_possible and lag is not None else None,
            source="UN Treaty Collection",
        )


def first_of_each(actions: QuerySet[TreatyAction]) -> dict[int, TreatyAction]:
    """Return the first action of each country."""
    return {action.country_id: action for action in reversed(list(actions))}


@pytest.mark.property
class AnyHistory(TestCase):
    countries: ClassVar[list[Country]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.countries = CountryFactory.create_batch(STATES)

    @settings(max_examples=20, deadline=None)
    @given(
        treaty=st.sampled_from([Treaty.ROME_STATUTE, Treaty.APIC]),
        filed=st.lists(histories, min_size=STATES, max_size=STATES),
        asked=st.sets(days, min_size=3, max_size=5),
    )
    def test_python_and_sql_agree_on_any_day(
        self,
        treaty: Treaty,
        filed: list[list[tuple[Action, date, int | None]]],
        asked: set[date],
    ) -> None:
        TreatyAction.objects.bulk_create(
            action
            for country, history in zip(self.countries, filed, strict=True)
            for action in file(country, treaty, history)
        )
        record = load_record()
        in_python = {key.country.pk: key.histories[treaty] for key in record.countries.values()}
        for day in asked:
            bases = first_of_each(TreatyAction.objects.in_effect(treaty=treaty, on=day))
            pending = first_of_each(TreatyAction.objects.pending(treaty=treaty, on=day))
            for row in Country.objects.as_of(day, treaty=treaty):
                history = in_python[row.pk]
                standing = history.on(day)
                assert told(standing) == told(row), day
                assert history.is_party(day) == (row.status == Status.STATE_PARTY)
                assert standing.pending == pending.get(row.pk)
                if row.pk in bases:
                    assert standing.basis == bases[row.pk]


def act(
    country: Country, action: Action, day: date, treaty: Treaty = Treaty.ROME_STATUTE
) -> TreatyAction:
    return TreatyActionFactory.create(country=country, treaty=treaty, action=action, date=day)


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
        act(country, Action.ACCESSION, date(2010, 1, 1), Treaty.APIC)
        ImplementingLawFactory.create(country=country)
        FocusYear.objects.create(country=country, year=2026, ask="Join.")
    with django_assert_num_queries(2):
        record = current_record()
    with django_assert_num_queries(0):
        states = [state for year in range(1999, 2029) for state in record.on(date(year, 1, 1))]
        assert all(state.deposit(Treaty.APIC) is None for state in states[:3])
    assert [state.ask for state in record.on(date(2026, 1, 1))] == ["Join."] * 3


def test_the_entries_of_the_record_are_those_of_the_tables(db: None) -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, date(2010, 1, 1), Treaty.APIC)
    act(country, Action.SIGNATURE, date(2009, 1, 1), Treaty.LJUBLJANA_THE_HAGUE_2023)
    ImplementingLawFactory.create(country=country, date=None)
    ImplementingLawFactory.create(country=country, date=date(2011, 1, 1), title="“Law”\n№ 2")
    FocusYear.objects.create(country=country, year=2025, ask="Ratify.")
    FocusYear.objects.create(country=country, year=2026, ask="Join.")
    loaded = load_record().countries[country.iso3]
    for entries, stored in (
        (loaded.actions, country.treaty_actions.all()),
        (loaded.laws, country.laws.all()),
        (loaded.focus_years, country.focus_years.all()),
    ):
        assert [_values(entry) for entry in entries] == [_values(entry) for entry in stored]


def _values(entry: Model) -> dict[str, object]:
    return {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}


def test_drafts_are_no_part_of_it() -> None:
    draft = CountryFactory.create(live=False)
    act(draft, Action.ACCESSION, date(2003, 1, 1))
    record = load_record()
    assert record.countries == {}
    with pytest.raises(Country.DoesNotExist):
        record.get(draft.pk)


def test_a_doubt_about_what_is_behind_the_status_or_pending_is_reported() -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, date(2003, 1, 1))
    notice = act(country, Action.WITHDRAWAL_NOTICE, date(2020, 1, 1))
    TreatyAction.objects.update(certainty=Certainty.CONFIRMED)
    TreatyAction.objects.filter(pk=notice.pk).update(certainty=Certainty.TO_BE_VERIFIED)
    [before] = load_record().on(date(2019, 12, 31))
    [pending] = load_record().on(date(2020, 1, 1))
    assert (before.is_to_be_verified, pending.is_to_be_verified) == (False, True)
    assert (before.is_leaving, pending.is_leaving) == (False, True)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_names_are_shown_as_stored(language: str) -> None:
    names = ["Zambie", "États-Unis", "Albanie", "Fidji", "ايطاليا", "ألبانيا", "بلجيكا", "إثيوبيا"]
    for name in names:
        CountryFactory.create(**{f"name_{language}": name})
    states = by_name(load_record().on(date(2020, 1, 1)), language)
    in_database = Country.objects.published().by_name(language)
    assert [state.country.pk for state in states] == [country.pk for country in in_database]


def test_states_are_sorted_as_requested() -> None:
    for number, region in enumerate(reversed(Region)):
        country = CountryFactory.create(name_en=f"{number}", region=region)
        if number % 2:
            day = date(2010 - number, 1, 1)
            act(country, Action.ACCESSION, day)
    states = load_record().on(date(2020, 1, 1))

    def names(sort: str) -> str:
        return "".join(state.country.name_en for state in in_order(states, sort, "en"))

    assert (names("name"), names("-name")) == ("01234", "43210")
    assert (names("region"), names("-region")) == ("43210", "01234")
    assert (names("status"), names("-status")) == ("13024", "02413")
    assert (names("since"), names("-since")) == ("31024", "13024")


def test_a_law_of_another_kind_does_not_match() -> None:
    ImplementingLawFactory.create(kind=LawKind.COOPERATION, date=date(2010, 1, 1))
    [state] = load_record().on(date(2010, 1, 1))
    assert (state.complementarity, state.cooperation is None) == (None, False)
