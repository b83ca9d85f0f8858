"""The number of parties by year."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.fixtures import DjangoAssertNumQueries

from record.choices import CONSENTS, Action, Treaty
from record.memory import load_record
from record.models import Country
from tests.factories import CountryFactory, TreatyActionFactory

pytestmark = pytest.mark.django_db

DAYS = [date(year, 12, 31) for year in range(1998, 2030)]


def counted(day: date) -> int:
    return Country.objects.as_of(day).state_parties().count()


def test_parties_by_day_agree_with_the_states_of_the_day(
    states: dict[str, Country], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    CountryFactory.create(live=False).treaty_actions.create(
        action=Action.ACCESSION, date=date(2001, 1, 1), source="UN Treaty Collection"
    )
    days = [*DAYS, date(2002, 6, 30), date(2002, 7, 1), date(2017, 10, 26), date(2017, 10, 27)]
    with django_assert_num_queries(2):
        parties = load_record().parties_on(days)
    assert parties == {day: counted(day) for day in days}
    assert (parties[date(2002, 6, 30)], parties[date(2002, 7, 1)]) == (0, 2)


actions = st.tuples(
    st.integers(0, 2),
    st.sampled_from(
        [
            *CONSENTS,
            Action.WITHDRAWAL_NOTICE,
            Action.WITHDRAWAL_NOTICE_REVOKED,
            Action.INSTRUMENT_WITHDRAWN,
        ]
    ),
    st.dates(date(1999, 1, 1), date(2027, 12, 31)),
)


class AnyActions(TestCase):
    @settings(max_examples=40)
    @given(
        st.lists(actions, max_size=12, unique=True),
        st.lists(st.dates(DAYS[0], DAYS[-1]), max_size=5),
    )
    def test_any_history_is_counted(
        self, filed: list[tuple[int, Action, date]], days: list[date]
    ) -> None:
        countries = [CountryFactory.create() for _ in range(3)]
        for number, action, day in filed:
            TreatyActionFactory.create(
                country=countries[number], treaty=Treaty.ROME_STATUTE, action=action, date=day
            )
        days = [*days, *DAYS[::6]]
        assert load_record().parties_on(days) == {day: counted(day) for day in days}
