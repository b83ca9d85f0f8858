"""Takes the record of a day for a yearly report, and compares it with a year before.

Some sixty queries, whatever the number of states: when a report is frozen, and for each preview of one.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from record.choices import CONSENTS, ChangeKind, Treaty
from record.country_names import LANGUAGES
from record.models import Country, ImplementingLaw, RecordChange, RecordVersion, TreatyAction
from record.querysets.countries import StatusCounts
from record.treaties import FACTS, FIRST_DAY
from tracker.models import FrozenRecord

from .comparison import Period, StagesBefore, compare, papers
from .data import (
    SCHEMA,
    ActionData,
    BeforeData,
    CountryData,
    CountsData,
    LawData,
    ReportData,
    StandingData,
    TreatyData,
)


def take_snapshot(*, year: int, day: date) -> ReportData:
    """The record as of `day`, and what happened since the report of the year before, or since a year before.

    Raises `DayOutOfRangeError` for a day before 17 July 1998.
    """
    states = Country.objects.for_tracker(day).with_record().order_by("iso3")
    countries = [_country(state, day) for state in states]
    previous = FrozenRecord.objects.filter(year=year - 1).first()
    if previous is not None:
        then = cast("ReportData", previous.data)
        before = _before_of_report(then)
        stages_before = _stages_of_report(then)
    else:
        then = None
        before = _before_of_record(day, countries_in_focus=_in_focus(states, year - 1))
        stages_before = _stages_of_record(states, day, since=date.fromisoformat(before["day"]))
    version = RecordVersion.objects.first()
    return ReportData(
        schema=SCHEMA,
        year=year,
        day=day.isoformat(),
        record=version.stamp if version else "",
        countries=countries,
        counts=_counts(Country.objects.as_of(day).counts()),
        growth=_growth(year, day),
        treaties=[
            _treaty(treaty, day, countries, before, then)
            for treaty in Treaty
            if treaty != Treaty.ROME_STATUTE
        ],
        before=before,
        changes=compare(countries, day=day.isoformat(), before=before, stages_before=stages_before),
    )


def _country(country: Any, day: date) -> CountryData:
    days = ("since", "signed_on", "consented_on", "joins_on", "leaves_on", "declared_on")
    laws = (law for law in country.laws.all() if (law.date or law.as_of) <= day)
    return CountryData(
        iso3=country.iso3,
        names={language: getattr(country, f"name_{language}") for language in LANGUAGES},
        region=country.region,
        status=country.status,
        **{name: _iso(getattr(country, name)) for name in days},  # type: ignore[typeddict-item]
        complementarity_stage=country.complementarity_stage,
        cooperation_stage=country.cooperation_stage,
        ask=country.ask,
        actions=[_action(action) for action in country.treaty_actions.all() if action.date <= day],
        laws=[_law(law) for law in laws],
    )


def _action(action: TreatyAction) -> ActionData:
    return ActionData(
        treaty=action.treaty,
        action=action.action,
        date=action.date.isoformat(),
        takes_effect_on=_iso(action.takes_effect_on),
        source=action.source,
        certainty=action.certainty,
    )


def _law(law: ImplementingLaw) -> LawData:
    return LawData(
        kind=law.kind,
        stage=law.stage,
        coverage=law.coverage,
        gender_provisions=law.gender_provisions,
        title=law.title,
        date=_iso(law.date),
        known_since=(law.date or law.as_of).isoformat(),
        source=law.source,
        link=law.link,
        certainty=law.certainty,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _counts(counts: StatusCounts) -> CountsData:
    return CountsData(
        total=counts.total,
        by_status=counts.by_status,
        by_region=counts.by_region,
        leaving=counts.leaving,
    )


def _growth(year: int, day: date) -> list[tuple[int, int]]:
    """The parties at the end of each year since the Statute was adopted, and in the last year on the day."""
    ends = [date(past, 12, 31) for past in range(FIRST_DAY.year, year)]
    return [(end.year, Country.objects.as_of(end).state_parties().count()) for end in [*ends, day]]


def _treaty(
    treaty: Treaty,
    day: date,
    countries: list[CountryData],
    before: BeforeData,
    then: ReportData | None,
) -> TreatyData:
    facts = FACTS[treaty]
    if then is not None:
        [consents_before] = [of["consents"] for of in then["treaties"] if of["treaty"] == treaty]
    else:
        consents_before = _consents(treaty, date.fromisoformat(before["day"]))
    return TreatyData(
        treaty=treaty,
        adopted_on=facts.adopted_on.isoformat(),
        in_force_since=_iso(facts.in_force_since),
        consents=_consents(treaty, day),
        consents_before=consents_before,
        new=list(
            papers(countries, CONSENTS, Period(before["day"], day.isoformat()), treaty=treaty)
        ),
    )


def _consents(treaty: Treaty, day: date) -> int:
    if day < FIRST_DAY:
        return 0
    return Country.objects.as_of(day, treaty=treaty).filter(consented_on__isnull=False).count()


def _a_year_before(day: date) -> date:
    """The same day of the year before; 28 February before a 29th. Never before the Statute's adoption."""
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:
        before = day - timedelta(days=366)
    return max(before, FIRST_DAY)


def _before_of_report(then: ReportData) -> BeforeData:
    return BeforeData(
        source="report",
        day=then["day"],
        record=then["record"],
        counts=then["counts"],
        standings={
            country["iso3"]: StandingData(status=country["status"], leaves_on=country["leaves_on"])
            for country in then["countries"]
        },
        focus=sorted(country["iso3"] for country in then["countries"] if country["ask"]),
    )


def _before_of_record(day: date, *, countries_in_focus: list[str]) -> BeforeData:
    before = _a_year_before(day)
    standings = Country.objects.as_of(before)
    return BeforeData(
        source="record",
        day=before.isoformat(),
        record=None,
        counts=_counts(standings.counts()),
        standings={
            iso3: StandingData(status=status, leaves_on=_iso(leaves_on))
            for iso3, status, leaves_on in standings.values_list("iso3", "status", "leaves_on")
        },
        focus=countries_in_focus or None,
    )


def _in_focus(countries: Iterable[Any], year: int) -> list[str]:
    return sorted(
        country.iso3
        for country in countries
        if any(focus.year == year for focus in country.focus_years.all())
    )


def _stages_of_report(then: ReportData) -> StagesBefore:
    return {
        (country["iso3"], law["kind"], law["title"]): law["stage"]
        for country in then["countries"]
        for law in country["laws"]
    }


def _stages_of_record(countries: Iterable[Any], day: date, *, since: date) -> StagesBefore:
    """What can be said of the stages of the laws on the day `since`: by their own day, or by the trail of changes.

    A law whose day is unknown, and whose source is later, is left out.
    """
    trail = _law_changes(day, since)
    stages: StagesBefore = {}
    for country in countries:
        for law in country.laws.all():
            key = (country.iso3, law.kind, law.title)
            change = trail.get(key)
            if (
                change is not None
                and change.before is not None
                and change.kind == ChangeKind.UPDATED
            ):
                stages[key] = change.before["stage"]
            if (law.date or law.as_of) <= since:
                stages.setdefault(key, law.stage)
    return stages


def _law_changes(day: date, since: date) -> dict[tuple[str, str, str], RecordChange]:
    """The first change of each law after the day `since`, by country, kind and title."""
    changes = (
        RecordChange.objects.public()
        .filter(
            entry="implementinglaw",
            version__made_at__date__gt=since,
            version__made_at__date__lte=day,
        )
        .select_related("country")
    )
    first: dict[tuple[str, str, str], RecordChange] = {}
    for change in changes.order_by("pk"):
        law = change.after or change.before
        first.setdefault((change.country.iso3, law["kind"], law["title"]), change)
    return first
