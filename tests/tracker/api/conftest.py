"""A record of four states: a party, a party that is leaving, a signatory and one that took no action."""

import datetime as dt

import pytest

from record.choices import Action, LawCoverage, LawKind, LawStage, Region, Treaty
from record.models import Country, FocusYear
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory


@pytest.fixture
def record(db: None) -> dict[str, Country]:
    """The countries by code: KEN, NER, RUS and CHN."""
    kenya = CountryFactory.create(
        iso2="KE",
        iso3="KEN",
        m49="404",
        name_en="Kenya",
        name_fr="Kenya",
        name_es="Kenia",
        name_ar="كينيا",
        verified_on=dt.date(2026, 11, 1),
    )
    act(kenya, Action.SIGNATURE, "1999-08-11")
    act(kenya, Action.RATIFICATION, "2005-03-15")
    act(kenya, Action.ACCEPTANCE, "2018-01-10", treaty=Treaty.ART8_2010)
    # A day before that of the tests.
    known = dt.date(2026, 11, 1)
    ImplementingLawFactory.create(
        country=kenya, title="International Crimes Act", coverage=LawCoverage.FULL, as_of=known
    )
    ImplementingLawFactory.create(
        country=kenya,
        kind=LawKind.COOPERATION,
        stage=LawStage.DRAFTING,
        title="Bill",
        as_of=known,
    )
    FocusYear.objects.create(country=kenya, year=2026, ask="Arrest whom the Court seeks.")
    niger = CountryFactory.create(iso2="NE", iso3="NER", m49="562", name_en="Niger")
    act(niger, Action.RATIFICATION, "2002-04-11")
    act(niger, Action.WITHDRAWAL_NOTICE, "2026-06-18")
    russia = CountryFactory.create(
        iso2="RU", iso3="RUS", m49="643", name_en="Russian Federation", region=Region.EUROPE
    )
    act(russia, Action.SIGNATURE, "2000-09-13")
    act(russia, Action.DECLARATION, "2016-11-30")
    china = CountryFactory.create(
        iso2="CN", iso3="CHN", m49="156", name_en="China", region=Region.ASIA_PACIFIC
    )
    return {country.iso3: country for country in (kenya, niger, russia, china)}


def act(country: Country, action: Action, day: str, **fields: object) -> None:
    TreatyActionFactory.create(
        country=country, action=action, date=dt.date.fromisoformat(day), **fields
    )
