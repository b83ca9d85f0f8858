"""Holds the record in memory: some 200 countries with 1,300 actions, loaded in about 20 ms and read in under 1 ms.

The tracker, its downloads, the API, country pages and the yearly report read it here, so that no filter, day or
language costs a query. Lists in the admin, which the database filters and pages, use `Country.objects`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateField, Model, OuterRef, Subquery, Value
from django.db.models.functions import JSONArray

from core.page_cache.memory import recall

from .choices import LawCoverage, LawKind, LawStage, Region, Status, Treaty
from .models import (
    Country,
    CountryQuerySet,
    FocusYear,
    ImplementingLaw,
    RecordVersion,
    TreatyAction,
)
from .status import History, Standing, StatusCounts

E = TypeVar("E", TreatyAction, ImplementingLaw, FocusYear)


class CountryRecord:
    """A published country with all its entries in the record."""

    def __init__(
        self,
        country: Country,
        actions: Sequence[TreatyAction],
        laws: Sequence[ImplementingLaw],
        focus_years: Sequence[FocusYear],
    ) -> None:
        """Take `actions` sorted by date, `laws` by kind and date, and `focus_years` from the latest to the earliest."""
        self.country = country
        self.actions = actions
        self.laws = laws
        self.focus_years = focus_years
        self._asks = {focus.year: focus.ask for focus in focus_years}
        self._by_reach = sorted(laws, key=_reach, reverse=True)

    @cached_property
    def histories(self) -> dict[str, History[TreatyAction]]:
        """The history of the state under each treaty, for all treaties."""
        by_treaty: dict[str, list[TreatyAction]] = {treaty: [] for treaty in Treaty.values}
        for action in self.actions:
            by_treaty[action.treaty].append(action)
        return {treaty: History(actions) for treaty, actions in by_treaty.items()}

    def on(self, day: date) -> "CountryOnDay":
        """Return the standing of the country on a day. Raises `DayOutOfRangeError`."""
        return CountryOnDay(
            record=self,
            country=self.country,
            day=day,
            standing=self.histories[Treaty.ROME_STATUTE].on(day),
            complementarity=self._law(LawKind.COMPLEMENTARITY, day),
            cooperation=self._law(LawKind.COOPERATION, day),
            ask=self._asks.get(day.year),
        )

    def _law(self, kind: LawKind, day: date) -> ImplementingLaw | None:
        """Return the most advanced law of a kind known on a day: by its own date, or else by that of its source."""
        return next(
            (law for law in self._by_reach if law.kind == kind and (law.date or law.as_of) <= day),
            None,
        )


@dataclass(frozen=True, slots=True)
class CountryOnDay:
    """A country on a day: its standing under the Rome Statute, its most advanced laws, and the Coalition's ask.

    `complementarity` and `cooperation` are None if no law of the kind is known, and `ask` is None if the country is
    not in focus in that year.
    """

    record: CountryRecord
    country: Country
    day: date
    standing: Standing[TreatyAction]
    complementarity: ImplementingLaw | None
    cooperation: ImplementingLaw | None
    ask: str | None

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def is_leaving(self) -> bool:
        """Whether the state is a party and its notice of withdrawal has yet to take effect."""
        return self.status is Status.STATE_PARTY and self.standing.leaves_on is not None

    @property
    def is_to_be_verified(self) -> bool:
        """Whether the action behind the status, or the one yet to take effect, is to be verified."""
        actions = (self.standing.basis, self.standing.pending)
        return any(action is not None and action.is_doubtful for action in actions)

    def law(self, kind: str) -> ImplementingLaw | None:
        """Return the most advanced law of a kind."""
        return self.complementarity if kind == LawKind.COMPLEMENTARITY else self.cooperation

    def deposit(self, treaty: str) -> TreatyAction | None:
        """Return the instrument by which the state last consented to a treaty by the day, unless it was withdrawn."""
        return self.record.histories[treaty].on(self.day).consent


class Record:
    """A version of the record. Requests share it, so it must not be changed."""

    def __init__(self, version: RecordVersion | None, countries: Iterable[CountryRecord]) -> None:
        """`version` is None while the record is empty."""
        self.version = version
        self.countries = {entry.country.iso3: entry for entry in countries}
        self._by_key = {entry.country.pk: entry for entry in self.countries.values()}
        # The bar chart of years needs the same thirty days in each view, and most views are of today.
        self.on = lru_cache(maxsize=8)(self._on)
        self._number_of_parties = lru_cache(maxsize=64)(self._count_parties)

    @property
    def stamp(self) -> str:
        """The version as cited in tables, files and answers: `2026-11-22.17`, or "0" while the record is empty."""
        return self.version.stamp if self.version else "0"

    def _on(self, day: date) -> tuple[CountryOnDay, ...]:
        """Return all countries on a day, sorted by three-letter code. Raises `DayOutOfRangeError`."""
        return tuple(entry.on(day) for entry in self.countries.values())

    def get(self, key: int) -> CountryRecord:
        """Return the country with a primary key. Raises `Country.DoesNotExist` if it is not published."""
        try:
            return self._by_key[key]
        except KeyError:
            raise Country.DoesNotExist from None

    def _count_parties(self, day: date) -> int:
        histories = (entry.histories[Treaty.ROME_STATUTE] for entry in self.countries.values())
        return sum(history.is_party(day) for history in histories)

    def parties_on(self, days: Iterable[date]) -> dict[date, int]:
        """Return the number of parties to the Rome Statute on each of the days."""
        return {day: self._number_of_parties(day) for day in days}


def current_record() -> Record:
    """Return the latest version of the record. One query, and one more if the worker does not remember that version."""
    version = RecordVersion.objects.first()
    return recall(("record", version and version.pk), lambda: load_record(version))


def load_record(version: RecordVersion | None = None) -> Record:
    """Read the record from the database. One query, and one more without `version`, which must be the latest."""
    return Record(
        version or RecordVersion.objects.first(),
        (
            CountryRecord(
                country,
                _read(TreatyAction, country.rows[0]),
                _read(ImplementingLaw, country.rows[1]),
                _read(FocusYear, country.rows[2]),
            )
            for country in _countries_with_rows().all()
        ),
    )


@cache
def _countries_with_rows() -> CountryQuerySet:
    """Return the published countries with `rows`: the rows of their actions, laws and focus years, as JSON.

    One query spares three round trips, and costs the web process no more time than a query for each model.
    """
    rows = JSONArray(_rows_of(TreatyAction), _rows_of(ImplementingLaw), _rows_of(FocusYear))
    return Country.objects.published().with_alphabets().order_by("iso3").annotate(rows=rows)


def _rows_of(model: type[E]) -> Subquery:
    """Return the entries of the country of the outer query, in the order of the model, as arrays of columns."""
    rows = JSONBAgg(JSONArray(*_COLUMNS[model]), order_by=model._meta.ordering)
    entries = model._default_manager.filter(country=OuterRef("pk")).order_by()
    return Subquery(entries.values(all=Value(1)).annotate(rows=rows).values("rows"))


def _read(model: type[E], rows: list[list[Any]] | None) -> list[E]:
    """Turn rows into entries. `rows` is None for a country without any."""
    return [_entry(model, row) for row in rows or ()]


def _entry(model: type[E], row: list[Any]) -> E:
    for place in _DATES[model]:
        if row[place] is not None:
            row[place] = date.fromisoformat(row[place])
    return model.from_db(DEFAULT_DB_ALIAS, _COLUMNS[model], row)


_MODELS: tuple[type[Model], ...] = (TreatyAction, ImplementingLaw, FocusYear)
_COLUMNS = {model: [field.attname for field in model._meta.concrete_fields] for model in _MODELS}
# The places of the columns that hold dates, which are text in JSON.
_DATES = {
    model: [
        place
        for place, field in enumerate(model._meta.concrete_fields)
        if isinstance(field, DateField)
    ]
    for model in _MODELS
}


def count(states: Iterable[CountryOnDay]) -> StatusCounts:
    """Count the states by status."""
    return StatusCounts.count(
        (state.country.region, state.status, state.standing.leaves_on) for state in states
    )


def by_name(states: Iterable[CountryOnDay], language: str) -> list[CountryOnDay]:
    """Return the states in alphabetical order of their names in a language, as the database sorts them."""
    return sorted(states, key=lambda state: getattr(state.country, f"place_{language}"))


def in_order(states: Iterable[CountryOnDay], sort: str, language: str) -> list[CountryOnDay]:
    """Sort the states by `name`, `region`, `status` or `since`, reversed with a leading `-`, and then by name."""
    named = by_name(states, language)
    backwards = sort.startswith("-")
    match sort.removeprefix("-"):
        case "name":
            return named[::-1] if backwards else named
        case "region":
            return sorted(
                named, key=lambda state: _REGIONS[state.country.region], reverse=backwards
            )
        case "status":
            return sorted(named, key=lambda state: _STATUSES[state.status], reverse=backwards)
    # States that took no action come last in either direction.
    dated = [(state.standing.since, state) for state in named if state.standing.since]
    dated.sort(key=lambda pair: pair[0], reverse=backwards)
    undated = [state for state in named if state.standing.since is None]
    return [*(state for _since, state in dated), *undated]


_REGIONS = {value: place for place, value in enumerate(Region.values)}
_STATUSES = {status: place for place, status in enumerate(Status)}
_STAGES = {value: place for place, value in enumerate(LawStage.values)}
_COVERAGES = {value: place for place, value in enumerate(LawCoverage.values)}


def _reach(law: ImplementingLaw) -> tuple[int, int, int]:
    """Return a sort key: by stage, then by coverage. Of two equal laws, the older entry is shown."""
    return _STAGES[law.stage], _COVERAGES[law.coverage], -law.pk
