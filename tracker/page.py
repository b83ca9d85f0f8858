"""The parts of the tracker's page: rows of states, counts by status, region and year, and links to filter and sort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

from django.forms import ChoiceField
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from charts.world_map import Kind
from core.days import today
from record.choices import LawCoverage, LawKind, LawStage, Region, Status
from record.memory import CountryOnDay, Record
from record.models import ImplementingLaw
from record.status import StatusCounts, describe
from record.treaties import FIRST_DAY

from .filters import Sort, TrackerQuery, last_day

LAW_LABELS = {
    LawKind.COMPLEMENTARITY: gettext_lazy("Law on complementarity"),
    LawKind.COOPERATION: gettext_lazy("Law on cooperation"),
}
# The number of rows, of about 2 kB each, that a worker keeps: all states in four languages, five standings of each.
MOST_KEPT = 4096


class LawFacts(NamedTuple):
    """The facts about a law that a row shows."""

    stage: str
    coverage: str
    is_to_be_verified: bool


class RowFacts(NamedTuple):
    """Everything on which a row depends, apart from the reader's language."""

    iso3: str
    name: str
    region: str
    status: Status
    since: date | None
    joins_on: date | None
    leaves_on: date | None
    declared_on: date | None
    is_to_be_verified: bool
    laws: tuple[tuple[LawKind, LawFacts | None], ...]
    ask: str | None
    page: str | None
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Law:
    """The most advanced law of a kind, as text. `text` is empty if no law is known."""

    label: str
    text: str
    is_to_be_verified: bool


@dataclass(frozen=True)
class Row:
    """A state on the day of the view. `url` is the address of its page, or else of its row."""

    iso3: str
    name: str
    region: str
    status: Status
    leaves_on: date | None
    status_text: str
    map_label: str
    is_to_be_verified: bool
    laws: tuple[Law, ...]
    ask: str | None
    page: str | None
    url: str

    @property
    def kind(self) -> str:
        """The kind of state on the map."""
        is_leaving = self.status is Status.STATE_PARTY and self.leaves_on
        return Kind.LEAVING if is_leaving else self.status

    @cached_property
    def html(self) -> SafeString:
        """The row as HTML."""
        return render_to_string("tracker/row.html", {"country": self})


def rows(
    states: Iterable[CountryOnDay], *, pages: Mapping[str, str], elsewhere: str = ""
) -> list[Row]:
    """Return the rows of states. `pages` are the addresses of their pages by three-letter code.

    `elsewhere` is the address of the table if that is on another page.
    """
    language = get_language() or ""
    return [_row(_facts(state, pages, elsewhere), language) for state in states]


def _facts(state: CountryOnDay, pages: Mapping[str, str], elsewhere: str) -> RowFacts:
    country, standing = state.country, state.standing
    return RowFacts(
        iso3=country.iso3,
        name=country.name,
        region=country.region,
        status=standing.status,
        since=standing.since,
        joins_on=standing.joins_on,
        leaves_on=standing.leaves_on,
        declared_on=standing.declared_on,
        is_to_be_verified=state.is_to_be_verified,
        laws=tuple((kind, _law_facts(state.law(kind))) for kind in LawKind),
        ask=state.ask,
        page=pages.get(country.iso3),
        elsewhere=elsewhere,
    )


def _law_facts(law: ImplementingLaw | None) -> LawFacts | None:
    return LawFacts(law.stage, law.coverage, law.is_doubtful) if law else None


@lru_cache(maxsize=MOST_KEPT)
def _row(facts: RowFacts, _language: str) -> Row:
    """Return the row in the active language, which is `_language`.

    It depends on the arguments alone, so a worker keeps it whatever changes in the record. Rendering 196 rows took two
    thirds of the time of the page.
    """
    status_text = describe(facts)
    return Row(
        iso3=facts.iso3,
        name=facts.name,
        region=str(Region(facts.region).label),
        status=facts.status,
        leaves_on=facts.leaves_on,
        status_text=status_text,
        map_label=_("%(state)s: %(status)s") % {"state": facts.name, "status": status_text},
        is_to_be_verified=facts.is_to_be_verified,
        laws=tuple(_law(kind, law) for kind, law in facts.laws),
        ask=facts.ask,
        page=facts.page,
        url=facts.page or f"{facts.elsewhere}#{facts.iso3}",
    )


def _law(kind: LawKind, law: LawFacts | None) -> Law:
    label = str(LAW_LABELS[kind])
    if law is None:
        return Law(label, "", is_to_be_verified=False)
    text = str(LawStage(law.stage).label)
    if law.coverage == LawCoverage.PARTIAL:
        text = _("%(stage)s, in part") % {"stage": text}
    return Law(label, text, law.is_to_be_verified)


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its label and an address that filters by it or, if `is_chosen`, removes that filter."""

    label: str
    number: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region with the number of its states, and the label and number of each status, in the order of `Kind`."""

    count: Count
    statuses: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Year:
    """The number of parties at the end of a year, or today in the current one. `share` is in percent of the highest."""

    day: date
    parties: int
    share: float
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Years:
    """All years, and those before and after the year of the view."""

    all: list[Year]
    before: Year | None
    after: Year | None


def by_status(query: TrackerQuery, counts: StatusCounts) -> list[Count]:
    """Return the number of states by status. `counts` are those of the query without its region and status."""
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
    """Return the number of states by region. `counts` are those of the query without its region and status."""
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
    """Return the years from the adoption of the Statute to the last one in which the number is known to change."""
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
    """A filter that is set, as text, and the address without it."""

    label: str
    value: str
    address: str


def chips(query: TrackerQuery) -> list[Chip]:
    """Return the filters that are set, in the order of the form."""
    return [
        Chip(
            label=str(query.form.fields[name].label),
            value=_chip_text(query, name),
            address=query.without(name).address(),
        )
        for name in query.form.fields
        if name in query.given and name != "sort"
    ]


def _chip_text(query: TrackerQuery, name: str) -> str:
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
    """The link in the heading of a column: the value of `aria-sort`, and the address that sorts or reverses."""

    direction: str
    address: str


def sorts(query: TrackerQuery, columns: Iterable[Sort]) -> dict[str, SortLink]:
    """Return the links in the headings by column."""
    return {column: _sort_link(query, column) for column in columns}


def _sort_link(query: TrackerQuery, column: Sort) -> SortLink:
    if query.sort == column:
        return SortLink("ascending", query.address(sort=f"-{column}"))
    # Sorting by name is the default.
    address = query.address(sort=None if column == Sort.NAME else column)
    return SortLink("descending" if query.sort == f"-{column}" else "none", address)
