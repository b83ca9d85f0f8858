"""What the tracker counts, each with a link to what is counted: by status, by region, by year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.forms import ChoiceField
from django.utils.formats import date_format

from charts.world_map import Kind
from core.days import today
from record.choices import Region
from record.memory import Record
from record.status import StatusCounts
from record.treaties import FIRST_DAY

from .filters import Sort, TrackerQuery, last_day


@dataclass(frozen=True, slots=True)
class Count:
    """A number, what it counts, and the address that shows it; of a choice that is made, the address without it."""

    label: str
    number: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region with the number of its states, and those by status with its label, in the order of `Kind`."""

    count: Count
    statuses: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Year:
    """How many states were parties at the end of a year; in the present year, today. `share` is in 100 of the most."""

    day: date
    parties: int
    share: float
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Years:
    """All years, and those before and after the one that is shown."""

    all: list[Year]
    before: Year | None
    after: Year | None


def by_status(query: TrackerQuery, counts: StatusCounts) -> list[Count]:
    """`counts` are those of the query without its region and status."""
    return [
        Count(
            label=str(kind.label),
            number=_number(counts, kind, query.region),
            address=query.address(status=None if query.status == kind else kind),
            is_chosen=query.status == kind,
        )
        for kind in Kind
    ]


def by_region(query: TrackerQuery, counts: StatusCounts) -> list[RegionLine]:
    """`counts` are those of the query without its region and status."""
    return [
        RegionLine(
            count=Count(
                label=str(region.label),
                number=sum(counts.by_region.get(region, {}).values()),
                address=query.address(region=None if query.region == region else region),
                is_chosen=query.region == region,
            ),
            statuses=[(str(kind.label), _number(counts, kind, region)) for kind in Kind],
        )
        for region in Region
    ]


def _number(counts: StatusCounts, kind: Kind, region: str) -> int:
    if kind != Kind.LEAVING:
        return counts.of(kind, region or None)
    return counts.leaving_by_region.get(region, 0) if region else counts.leaving


def years(query: TrackerQuery, record: Record) -> Years:
    """From the adoption of the Statute to the last year for which notices and deposits say that something changes."""
    present = today()
    ends = [date(year, 12, 31) for year in range(FIRST_DAY.year, last_day().year + 1)]
    days = [present if day.year == present.year else day for day in ends]
    parties = record.parties_on(days)
    while days[-1] > present and parties[days[-1]] == parties[days[-2]]:
        days.pop()
    most = max(parties.values()) or 1
    shown = [
        Year(
            day=day,
            parties=parties[day],
            share=round(100 * parties[day] / most, 1),
            address=query.address(on=None if day == present else f"{day:%Y-%m-%d}"),
            is_chosen=day.year == query.on.year,
        )
        for day in days
    ]
    before = [year for year in shown if year.day.year < query.on.year]
    after = [year for year in shown if year.day.year > query.on.year]
    return Years(shown, before[-1] if before else None, after[0] if after else None)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    label: str
    value: str
    address: str


def chips(query: TrackerQuery) -> list[Chip]:
    """The filters that are set, in the order of the form."""
    return [
        Chip(
            label=str(query.form.fields[name].label),
            value=_words(query, name),
            address=query.without(name).address(),
        )
        for name in query.form.fields
        if name in query.given and name != "sort"
    ]


def _words(query: TrackerQuery, name: str) -> str:
    if name == "on":
        return date_format(query.on)
    field = query.form.fields[name]
    value = query.given[name]
    if not isinstance(field, ChoiceField):
        return value
    labels = cast("Iterable[tuple[str, str]]", field.choices)
    return str(dict(labels)[value])


@dataclass(frozen=True, slots=True)
class SortLink:
    """The heading of a column: which way it is sorted (as `aria-sort` says), and the address that sorts or turns it."""

    direction: str
    address: str


def sorts(query: TrackerQuery, columns: Iterable[Sort]) -> dict[str, SortLink]:
    """By column."""
    return {column: _sort_link(query, column) for column in columns}


def _sort_link(query: TrackerQuery, column: Sort) -> SortLink:
    if query.sort == column:
        return SortLink("ascending", query.address(sort=f"-{column}"))
    # The order by name is that of the plain address.
    address = query.address(sort=None if column == Sort.NAME else column)
    return SortLink("descending" if query.sort == f"-{column}" else "none", address)
