"""Makes reports, and a few states to report on."""

import datetime as dt

from factory.declarations import LazyAttribute, LazyFunction
from factory.django import DjangoModelFactory

from record.choices import Action, LawStage, Region, Treaty
from record.models import Country, FocusYear
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory, english
from tracker.models import YearlyReport

DAY = dt.date(2024, 11, 22)


class YearlyReportFactory(DjangoModelFactory[YearlyReport]):
    """A draft of a report in English."""

    class Meta:
        model = YearlyReport

    year = 2024
    day = LazyAttribute(lambda report: DAY.replace(year=report.year))
    title = LazyAttribute(lambda report: f"Where states stood in {report.year}")
    introduction = "<p>What this report is.</p>"
    locale = LazyFunction(english)


def make_world() -> None:
    """Make seven states with a different history each by `DAY`.

    Algeria is a long-standing party, Benin joined in the year, Chad gave notice, Ghana revoked a notice, Kenya left,
    Libya signed and never ratified, Mali did nothing.
    """
    of_old = {"action": Action.RATIFICATION, "date": dt.date(2002, 1, 5)}
    _state("DZA", "Algeria", of_old)
    _state("BEN", "Benin", {"action": Action.ACCESSION, "date": dt.date(2024, 1, 15)})
    _state("TCD", "Chad", of_old, _notice(dt.date(2024, 3, 1)))
    _state(
        "GHA",
        "Ghana",
        of_old,
        _notice(dt.date(2023, 6, 1)),
        {"action": Action.WITHDRAWAL_NOTICE_REVOKED, "date": dt.date(2024, 2, 2)},
    )
    _state("KEN", "Kenya", of_old, _notice(dt.date(2023, 5, 1)))
    _state("LBY", "Libya", {"action": Action.SIGNATURE, "date": dt.date(2000, 5, 5)})
    mali = _state("MLI", "Mali")
    algeria = Country.objects.get(iso3="DZA")
    TreatyActionFactory.create(
        country=algeria, treaty=Treaty.APIC, action=Action.ACCESSION, date=dt.date(2024, 5, 6)
    )
    ImplementingLawFactory.create(country=algeria, title="Penal Code", date=dt.date(2024, 4, 4))
    ImplementingLawFactory.create(
        country=mali, title="Bill 7", stage=LawStage.DRAFTING, as_of=dt.date(2024, 6, 6)
    )
    FocusYear.objects.create(country=mali, year=2024, ask="Accede to the Statute.")


def _state(iso3: str, name: str, *actions: dict[str, object]) -> Country:
    country = CountryFactory.create(
        iso3=iso3,
        name_en=name,
        name_ar=f"بلد {iso3}",
        region=Region.MIDDLE_EAST_NORTH_AFRICA if iso3 in {"DZA", "LBY"} else Region.AFRICA,
    )
    for action in actions:
        TreatyActionFactory.create(country=country, **action)
    return country


def _notice(day: dt.date) -> dict[str, object]:
    return {"action": Action.WITHDRAWAL_NOTICE, "date": day}
