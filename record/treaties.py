"""The facts about each treaty: its adoption, its entry into force, and their source."""

from dataclasses import dataclass
from datetime import date

from .choices import Treaty

# The adoption of the Statute, before which no state could act under it.
FIRST_DAY = date(1998, 7, 17)


@dataclass(frozen=True)
class TreatyFacts:
    """The facts about a treaty. `in_force_since` is None if it is not in force, or not known to be."""

    adopted_on: date
    adopted_at: str
    in_force_since: date | None
    source: str


FACTS = {
    Treaty.ROME_STATUTE: TreatyFacts(FIRST_DAY, "Rome", date(2002, 7, 1), "Rome Statute, art. 126"),
    Treaty.APIC: TreatyFacts(
        date(2002, 9, 9), "New York", date(2004, 7, 22), "UK Treaty Series 9/2009"
    ),
    Treaty.ART8_2010: TreatyFacts(
        date(2010, 6, 10), "Kampala", date(2012, 9, 26), "UN Treaty Collection, XVIII-10-a"
    ),
    Treaty.AGGRESSION_2010: TreatyFacts(
        date(2010, 6, 11), "Kampala", date(2013, 5, 8), "asp.icc-cpi.int/crime-of-aggression"
    ),
    Treaty.ART124_2015: TreatyFacts(
        date(2015, 11, 26), "The Hague", None, "likumi.lv/ta/id/313023"
    ),
    Treaty.ART8_2017_BIOLOGICAL: TreatyFacts(
        date(2017, 12, 14), "New York", date(2020, 4, 2), "UN Treaty Collection, XVIII-10-d"
    ),
    Treaty.ART8_2017_UNDETECTABLE: TreatyFacts(
        date(2017, 12, 14), "New York", date(2020, 4, 2), "Netherlands Treaty Series 2018, 74"
    ),
    Treaty.ART8_2017_LASERS: TreatyFacts(
        date(2017, 12, 14), "New York", date(2020, 4, 2), "UN Treaty Collection, XVIII-10-f"
    ),
    Treaty.ART8_2019_STARVATION: TreatyFacts(
        date(2019, 12, 6), "The Hague", date(2021, 10, 14), "UN Treaty Collection, XVIII-10-g"
    ),
    Treaty.LJUBLJANA_THE_HAGUE_2023: TreatyFacts(
        date(2023, 5, 26), "Ljubljana", None, "gov.si, May 2025"
    ),
}

# Amendments to the Statute. Only a state that has consented to the Statute can accept one.
AMENDMENTS = frozenset(Treaty) - {
    Treaty.ROME_STATUTE,
    Treaty.APIC,
    Treaty.LJUBLJANA_THE_HAGUE_2023,
}
