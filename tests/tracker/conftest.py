"""States with the history of real ones, for the tracker to show."""

from datetime import date

import pytest

from record.choices import Action, Certainty, LawKind, LawStage, Region
from record.models import Country, FocusYear
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory

# By ISO code: name, region, and actions under the Rome Statute.
ACTIONS: dict[str, tuple[str, Region, list[tuple[Action, str]]]] = {
    "NER": (
        "Niger",
        Region.AFRICA,
        [
            (Action.SIGNATURE, "1998-07-17"),
            (Action.RATIFICATION, "2002-04-11"),
            (Action.WITHDRAWAL_NOTICE, "2026-06-18"),
        ],
    ),
    "SEN": (
        "Senegal",
        Region.AFRICA,
        [(Action.SIGNATURE, "1998-07-18"), (Action.RATIFICATION, "1999-02-02")],
    ),
    "BDI": (
        "Burundi",
        Region.AFRICA,
        [
            (Action.SIGNATURE, "1999-01-13"),
            (Action.RATIFICATION, "2004-09-21"),
            (Action.WITHDRAWAL_NOTICE, "2016-10-27"),
        ],
    ),
    "ARM": (
        "Armenia",
        Region.EUROPE,
        [(Action.SIGNATURE, "1999-10-01"), (Action.RATIFICATION, "2023-11-14")],
    ),
    "EGY": ("Egypt", Region.MIDDLE_EAST_NORTH_AFRICA, [(Action.SIGNATURE, "2000-12-26")]),
    "CHN": ("China", Region.ASIA_PACIFIC, []),
}


@pytest.fixture
def states(db: None) -> dict[str, Country]:
    """Six states by their ISO code. Senegal has a law; Armenia is in focus in 2026."""
    countries = {}
    for iso3, (name, region, actions) in ACTIONS.items():
        country = CountryFactory.create(iso3=iso3, name_en=name, region=region)
        for action, day in actions:
            TreatyActionFactory.create(
                country=country,
                action=action,
                date=date.fromisoformat(day),
                certainty=Certainty.TO_BE_VERIFIED
                if action == Action.WITHDRAWAL_NOTICE
                else Certainty.CONFIRMED,
            )
        countries[iso3] = country
    ImplementingLawFactory.create(
        country=countries["SEN"],
        kind=LawKind.COMPLEMENTARITY,
        stage=LawStage.ENACTED,
        date=date(2007, 2, 12),
    )
    FocusYear.objects.create(country=countries["ARM"], year=2026, ask="Adopt a law on cooperation.")
    return countries
