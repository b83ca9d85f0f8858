"""The states as the tracker's map and table show them, from one list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts.world_map import Kind
from record.choices import Certainty, LawCoverage, LawKind, LawStage, Region, Status
from record.status_words import describe

LAW_LABELS = {
    LawKind.COMPLEMENTARITY: gettext_lazy("Law on complementarity"),
    LawKind.COOPERATION: gettext_lazy("Law on cooperation"),
}


@dataclass(frozen=True, slots=True)
class Law:
    """The furthest law of a kind: what it is for, and how far it is; empty where no law is known."""

    label: str
    words: str
    is_to_be_verified: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A state on the day of the view. `url` leads to its page, or else to its row."""

    iso3: str
    name: str
    region: str
    status: str
    leaves_on: date | None
    words: str
    is_to_be_verified: bool
    laws: tuple[Law, ...]
    ask: str | None
    page: str | None
    url: str

    @property
    def map_label(self) -> str:
        return _("%(state)s: %(status)s") % {"state": self.name, "status": self.words}

    @property
    def kind(self) -> str:
        """What the map shows of it."""
        is_leaving = self.status == Status.STATE_PARTY and self.leaves_on
        return Kind.LEAVING if is_leaving else self.status


def rows(countries: Iterable[Any], *, pages: Mapping[str, str], elsewhere: str = "") -> list[Row]:
    """Rows of countries from `for_tracker`; `pages` are the addresses of their pages by ISO code of three letters.

    `elsewhere` is the address of the table, where it is not on the same page.
    """
    return [_row(country, pages.get(country.iso3), elsewhere) for country in countries]


def _row(country: Any, page: str | None, elsewhere: str) -> Row:
    return Row(
        iso3=country.iso3,
        name=country.name,
        region=str(Region(country.region).label),
        status=country.status,
        leaves_on=country.leaves_on,
        words=describe(country),
        is_to_be_verified=Certainty.TO_BE_VERIFIED
        in {country.status_certainty, country.pending_certainty},
        laws=tuple(_law(country, kind) for kind in LawKind),
        ask=country.ask,
        page=page,
        url=page or f"{elsewhere}#{country.iso3}",
    )


def _law(country: Any, kind: LawKind) -> Law:
    stage = getattr(country, f"{kind}_stage")
    words = str(LawStage(stage).label) if stage else ""
    if getattr(country, f"{kind}_coverage") == LawCoverage.PARTIAL:
        words = _("%(stage)s, in part") % {"stage": words}
    return Law(
        label=str(LAW_LABELS[kind]),
        words=words,
        is_to_be_verified=getattr(country, f"{kind}_certainty") == Certainty.TO_BE_VERIFIED,
    )
