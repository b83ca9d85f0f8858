"""The status of a state as a sentence."""

from datetime import date

import pytest
from django.utils.translation import override

from record.choices import Action
from record.models import Country
from record.status import describe
from tests.factories import CountryFactory, TreatyActionFactory

pytestmark = pytest.mark.django_db

ACTIONS = [
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
        (
            date(2026, 6, 18),
            "State Party since 1 June 2005; withdrawal takes effect on 18 June 2027",
        ),
        (date(2027, 6, 18), "Withdrew on 18 June 2027"),
        (
            date(2028, 1, 10),
            "Withdrew on 18 June 2027; becomes a State Party again on 1 April 2028",
        ),
    ],
)
def test_the_sentence_follows_the_day(day: date, words: str) -> None:
    country = CountryFactory.create()
    for action, deposited in ACTIONS:
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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            "État partie depuis le 1er juin 2005\N{NO-BREAK SPACE}; son retrait prend effet le "
            "18 juin 2027",
        ),
        ("es", "Estado Parte desde el 1 de junio de 2005; dejará de serlo el 18 de junio de 2027"),
        ("ar", "دولة طرف منذ 1 يونيو 2005؛ يصبح انسحابها نافذًا في 18 يونيو 2027"),
    ],
)
def test_they_are_a_sentence_in_every_language(language: str, words: str) -> None:
    country = CountryFactory.create()
    for action, deposited in ACTIONS[2:4]:
        TreatyActionFactory.create(country=country, action=action, date=deposited)
    with override(language):
        assert describe(Country.objects.as_of(date(2026, 6, 18)).get()) == words
