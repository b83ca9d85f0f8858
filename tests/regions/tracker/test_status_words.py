"""Where a state stands, in words."""

from datetime import date

import pytest
from django.utils.translation import override

from regions.choices import Action
from regions.models import Country
from regions.status_words import describe
from tests.factories import CountryFactory, TreatyActionFactory

pytestmark = pytest.mark.django_db

PAPERS = [
    (Action.SIGNATURE, date(2000, 12, 31)),
    (Action.DECLARATION, date(2002, 5, 6)),
    (Action.RATIFICATION, date(2005, 3, 15)),
    (Action.WITHDRAWAL_NOTICE, date(2026, 6, 18)),
    (Action.ACCESSION, date(2028, 1, 10)),
]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2000, 12, 30), "Not a party"),
        (date(2000, 12, 31), "Signed on 31 December 2000, not ratified"),
        (
            date(2002, 5, 6),
            "Signed on 31 December 2000; declared on 6 May 2002 that it will not become a party",
        ),
        (date(2005, 3, 15), "Signed on 31 December 2000; becomes a State Party on 1 June 2005"),
        (date(2005, 6, 1), "State Party since 1 June 2005"),
        (date(2026, 6, 18), "State Party since 1 June 2005; leaves on 18 June 2027"),
        (date(2027, 6, 18), "Withdrew on 18 June 2027"),
        (
            date(2028, 1, 10),
            "Withdrew on 18 June 2027; becomes a State Party again on 1 April 2028",
        ),
    ],
)
def test_the_words_follow_the_day(day: date, words: str) -> None:
    country = CountryFactory.create()
    for action, deposited in PAPERS:
        TreatyActionFactory.create(country=country, action=action, date=deposited)
    assert describe(Country.objects.as_of(day).get()) == words


def test_a_state_that_joins_without_having_signed() -> None:
    country = CountryFactory.create()
    TreatyActionFactory.create(country=country, action=Action.ACCESSION, date=date(2015, 1, 2))
    with override("en"):
        assert (
            describe(Country.objects.as_of(date(2015, 1, 2)).get())
            == "Not a party; becomes a State Party on 1 April 2015"
        )
