"""Takes a snapshot of the record of a day for a yearly report, and compares it with a year before.

It takes four queries, when a report is frozen and for each preview.
"""

from datetime import date, timedelta
from typing import cast

from core.language import language_codes
from record.choices import CONSENTS, ChangeKind, Treaty
from record.memory import CountryOnDay, Record, count, load_record
from record.models import ImplementingLaw, RecordChange, TreatyAction
from record.status import StatusCounts
from record.treaties import FACTS, FIRST_DAY
from tracker.models import FrozenRecord

from .comparison import Period, StagesBefore, actions_in, compare
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
    """Return the record as of `day`, and the events since the report of the year before, or else since a year before.

    Raises `DayOutOfRangeError` for a day before 17 July 1998.
    """
    record = load_record()
    states = record.on(day)
    countries = [_country(state) for state in states]
    previous = FrozenRecord.objects.filter(year=year - 1).first()
    if previous is not None:
        then = cast("ReportData", previous.data)
        before = _before_of_report(then)
        stages_before = _stages_of_report(then)
    else:
        then = None
        before = _before_of_record(record, day, year=year - 1)
        stages_before = _stages_of_record(record, day, since=date.fromisoformat(before["day"]))
    return ReportData(
        schema=SCHEMA,
        year=year,
        day=day.isoformat(),
        record=record.version.stamp if record.version else "",
        countries=countries,
        counts=_counts(count(states)),
        growth=_growth(record, year, day),
        treaties=[
            _treaty(treaty, record, day, countries, before, then)
            for treaty in Treaty
            if treaty != Treaty.ROME_STATUTE
        ],
        before=before,
        changes=compare(countries, day=day.isoformat(), before=before, stages_before=stages_before),
    )


def _country(state: CountryOnDay) -> CountryData:
    country, day = state.country, state.day
    days = ("since", "signed_on", "consented_on", "joins_on", "leaves_on", "declared_on")
    laws = (law for law in state.record.laws if (law.date or law.as_of) <= day)
    return CountryData(
        iso3=country.iso3,
        names={language: getattr(country, f"name_{language}") for language in language_codes()},
        region=country.region,
        status=state.status,
        **{name: _iso(getattr(state.standing, name)) for name in days},  # type: ignore[typeddict-item]
        complementarity_stage=_stage(state.complementarity),
        cooperation_stage=_stage(state.cooperation),
        ask=state.ask,
        actions=[_action(action) for action in state.record.actions if action.date <= day],
        laws=[_law(law) for law in laws],
    )


def _stage(law: ImplementingLaw | None) -> str | None:
    return law.stage if law else None


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


def _growth(record: Record, year: int, day: date) -> list[tuple[int, int]]:
    """Return the number of parties at the end of each year since 1998, and in the last year on the day."""
    ends = [date(past, 12, 31) for past in range(FIRST_DAY.year, year)]
    parties = record.parties_on([*ends, day])
    return [(end.year, parties[end]) for end in [*ends, day]]


def _treaty(  # noqa: PLR0913, PLR0917 - both sides of the comparison.
    treaty: Treaty,
    record: Record,
    day: date,
    countries: list[CountryData],
    before: BeforeData,
    then: ReportData | None,
) -> TreatyData:
    facts = FACTS[treaty]
    if then is not None:
        [consents_before] = [of["consents"] for of in then["treaties"] if of["treaty"] == treaty]
    else:
        consents_before = _consents(treaty, record, date.fromisoformat(before["day"]))
    return TreatyData(
        treaty=treaty,
        adopted_on=facts.adopted_on.isoformat(),
        in_force_since=_iso(facts.in_force_since),
        consents=_consents(treaty, record, day),
        consents_before=consents_before,
        new=list(
            actions_in(countries, CONSENTS, Period(before["day"], day.isoformat()), treaty=treaty)
        ),
    )


def _consents(treaty: Treaty, record: Record, day: date) -> int:
    return sum(bool(entry.histories[treaty].consents(day)) for entry in record.countries.values())


def _a_year_before(day: date) -> date:
    """Return the same day of the year before (28 February for a 29th), but no day before the Statute's adoption."""
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


def _before_of_record(record: Record, day: date, *, year: int) -> BeforeData:
    before = _a_year_before(day)
    states = record.on(before)
    in_focus = sorted(
        iso3
        for iso3, entry in record.countries.items()
        if any(focus.year == year for focus in entry.focus_years)
    )
    return BeforeData(
        source="record",
        day=before.isoformat(),
        record=None,
        counts=_counts(count(states)),
        standings={
            state.country.iso3: StandingData(
                status=state.status, leaves_on=_iso(state.standing.leaves_on)
            )
            for state in states
        },
        focus=in_focus or None,
    )


def _stages_of_report(then: ReportData) -> StagesBefore:
    return {
        (country["iso3"], law["kind"], law["title"]): law["stage"]
        for country in then["countries"]
        for law in country["laws"]
    }


def _stages_of_record(record: Record, day: date, *, since: date) -> StagesBefore:
    """Return the stages of the laws on the day `since`, by their own dates or by the trail of changes.

    A law without a date whose source is later is left out.
    """
    trail = _law_changes(day, since)
    stages: StagesBefore = {}
    for iso3, entry in record.countries.items():
        for law in entry.laws:
            key = (iso3, law.kind, law.title)
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
    """Return the first change to each law after the day `since`, by country, kind and title."""
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
