"""The number of States Parties around every change, compared with published totals."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import DjangoDbBlocker

from home.demo_content.loading import load_record
from record.choices import Status
from record.data import RECORD
from record.models import Country
from tests.snapshots import DatabaseStates

# The day, the States Parties on it, and the source. Most totals were published with the deposit that raised them:
# they hold from the day on which the Statute entered into force for the new party. The day before has the total of
# the change before it.
TOTALS = [
    ("1998-07-17", 0, "the Statute is adopted"),
    ("2002-06-30", 0, "the Statute is not in force"),
    ("2002-07-01", 66, "ICC: ten states deposit at once on 11 April 2002, which makes 66"),
    ("2005-12-31", 99, "the day before the 100th"),
    ("2006-01-01", 100, "Coalition, 28 October 2005: Mexico is the 100th"),
    ("2006-06-02", 100, "the day before Montenegro's independence"),
    ("2006-06-03", 101, "UN: Montenegro succeeds, bound from its independence"),
    ("2006-12-31", 103, "UN: Comoros and Saint Kitts and Nevis from 1 November 2006"),
    ("2007-01-01", 104, "UN: Chad; Reuters, 17 July 2007, counts 104 before Japan"),
    ("2007-09-30", 104, "the day before Japan"),
    ("2007-10-01", 105, "Reuters, 17 July 2007: Japan is the 105th"),
    ("2009-08-31", 108, "the day before Chile"),
    ("2009-09-01", 109, "IntLawGrrls, 1 July 2009: Chile is the 109th"),
    ("2009-09-30", 109, "the day before the Czech Republic"),
    ("2009-10-01", 110, "UN News, 22 July 2009: the Czech Republic is the 110th"),
    ("2010-12-31", 113, "the day before Moldova"),
    ("2011-01-01", 114, "UN News, October 2010: Moldova is the 114th"),
    ("2011-07-31", 114, "the day before Grenada"),
    ("2011-08-01", 115, "list of States Parties, June 2011: Grenada is the 115th"),
    ("2011-09-01", 116, "list of States Parties, June 2011: Tunisia is the 116th"),
    ("2012-06-30", 120, "the day before Guatemala"),
    ("2012-07-01", 121, "list of States Parties, July 2012"),
    ("2013-04-30", 121, "the day before Côte d'Ivoire"),
    ("2013-05-01", 122, "Assembly, press release 873: Côte d'Ivoire is the 122nd"),
    ("2015-03-31", 122, "the day before Palestine"),
    ("2015-04-01", 123, "list of States Parties, January 2015, with Palestine"),
    ("2016-05-31", 123, "the day before El Salvador"),
    ("2016-06-01", 124, "list of States Parties, December 2016"),
    ("2017-10-26", 124, "the last day of Burundi"),
    ("2017-10-27", 123, "exhibition From Nuremberg to The Hague: 123 after Burundi left"),
    ("2019-03-16", 123, "the last day of the Philippines"),
    ("2019-03-17", 122, "public total of the ICC after the Philippines left"),
    ("2019-06-01", 122, "Malaysia took its accession back before this day"),
    ("2020-01-31", 122, "the day before Kiribati"),
    ("2020-02-01", 123, "public total of the ICC with Kiribati"),
    ("2024-01-31", 123, "the day before Armenia"),
    ("2024-02-01", 124, "ICC, February 2024, by Public Radio of Armenia: Armenia is the 124th"),
    ("2024-12-31", 124, "the day before Ukraine"),
    ("2025-01-01", 125, "public total of the ICC with Ukraine; list of States Parties, June 2025"),
    ("2026-06-01", 125, "the day before Hungary would have left"),
    ("2026-06-02", 125, "Hungary took its notice back (C.N.180.2026)"),
    ("2026-10-02", 125, "Assembly's list of States Parties"),
    ("2027-06-17", 125, "the last day of Niger"),
    ("2027-06-18", 124, "notice of Niger"),
    ("2027-06-23", 124, "the last day of Burkina Faso and Mali"),
    ("2027-06-24", 122, "notices of Burkina Faso and Mali"),
    ("2027-07-23", 122, "the last day of Venezuela"),
    ("2027-07-24", 121, "notice of Venezuela (C.N.298.2026)"),
    ("2027-07-26", 121, "the last day of Chad"),
    ("2027-07-27", 120, "notice of Chad"),
]


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database with the record that comes with the site, imported once."""
    with django_db_blocker.unblock():
        database_states.hold("record", load_record)
        yield


pytestmark = pytest.mark.usefixtures("transactional_db")


def parties(day: date) -> int:
    return Country.objects.as_of(day).counts().of(Status.STATE_PARTY)


@pytest.mark.parametrize(("day", "total", "source"), TOTALS, ids=[day for day, *_ in TOTALS])
def test_the_total_of_the_day_is_the_published_one(day: str, total: int, source: str) -> None:
    assert parties(date.fromisoformat(day)) == total, source


def test_the_day_before_and_the_day_of_every_change_agree_with_the_days_of_the_table() -> None:
    """The totals are computed from the columns for entry into force and withdrawal, without the rules."""
    with RECORD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    turns: Counter[date] = Counter()
    for row in rows:
        if row["in_force"]:
            turns[date.fromisoformat(row["in_force"])] += 1
        if row["withdrawal_effective"]:
            turns[date.fromisoformat(row["withdrawal_effective"])] -= 1
    assert len(turns) > 40
    total = 0
    for day in sorted(turns):
        assert parties(day - timedelta(days=1)) == total, day
        total += turns[day]
        assert parties(day) == total, day


def test_the_groups_are_those_that_the_assembly_published_in_early_2024() -> None:
    groups = Counter(
        country.un_group for country in Country.objects.as_of(date(2024, 2, 1)).state_parties()
    )
    assert groups == {
        "African": 33,
        "Asia-Pacific": 19,
        "Eastern European": 19,
        "GRULAC": 28,
        "WEOG": 25,
    }


def test_139_states_signed() -> None:
    """UN: 139 signatures when the Statute closed for signature on 31 December 2000."""
    signed = Country.objects.as_of(date(2000, 12, 31)).filter(signed_on__isnull=False)
    assert signed.count() == 139


def test_the_sixtieth_ratification() -> None:
    """UN: 66 instruments by 11 April 2002, ten of them deposited on that day at once."""
    for day, deposits in ((date(2002, 4, 10), 56), (date(2002, 4, 11), 66)):
        assert Country.objects.as_of(day).filter(consented_on__isnull=False).count() == deposits
