"""The states as the tracker's map and table show them, from one list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from charts.world_map import Kind
from record.choices import LawCoverage, LawKind, LawStage, Region, Status
from record.memory import CountryOnDay
from record.models import ImplementingLaw
from record.status_words import describe

LAW_LABELS = {
    LawKind.COMPLEMENTARITY: gettext_lazy("Law on complementarity"),
    LawKind.COOPERATION: gettext_lazy("Law on cooperation"),
}
# Rows of about 2 kB that a worker keeps: four languages of all states in five standings each.
MOST_KEPT = 4096


class LawFacts(NamedTuple):
    """What a row tells of a law."""

    stage: str
    coverage: str
    is_to_be_verified: bool


class RowFacts(NamedTuple):
    """All that a row depends on, besides the language of its reader."""

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
    """The most advanced law of a kind: what it is for, and how far it is; empty where no law is known."""

    label: str
    words: str
    is_to_be_verified: bool


@dataclass(frozen=True)
class Row:
    """A state on the day of the view. `url` leads to its page, or else to its row."""

    iso3: str
    name: str
    region: str
    status: Status
    leaves_on: date | None
    words: str
    map_label: str
    is_to_be_verified: bool
    laws: tuple[Law, ...]
    ask: str | None
    page: str | None
    url: str

    @property
    def kind(self) -> str:
        """What the map shows of it."""
        is_leaving = self.status is Status.STATE_PARTY and self.leaves_on
        return Kind.LEAVING if is_leaving else self.status

    @cached_property
    def html(self) -> SafeString:
        """The row of the table."""
        return render_to_string("tracker/row.html", {"country": self})


def rows(
    states: Iterable[CountryOnDay], *, pages: Mapping[str, str], elsewhere: str = ""
) -> list[Row]:
    """Return the rows of states. `pages` are the addresses of their pages by ISO code of three letters.

    `elsewhere` is the address of the table, where it is not on the same page.
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

    It depends on nothing but the arguments, so a worker keeps it whatever changes in the record. Putting 196 rows
    into words and markup was two thirds of the cost of the page.
    """
    words = describe(facts)
    return Row(
        iso3=facts.iso3,
        name=facts.name,
        region=str(Region(facts.region).label),
        status=facts.status,
        leaves_on=facts.leaves_on,
        words=words,
        map_label=_("%(state)s: %(status)s") % {"state": facts.name, "status": words},
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
    words = str(LawStage(law.stage).label)
    if law.coverage == LawCoverage.PARTIAL:
        words = _("%(stage)s, in part") % {"stage": words}
    return Law(label, words, law.is_to_be_verified)
