"""Parts of a report in the reader's language: states, laws, treaty actions and figures."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from record.choices import Action, Certainty, LawCoverage, LawKind, LawStage, Region, Treaty
from record.status import describe

from .data import ActionData, CountryData, LawData

LETTERS = str.maketrans("أإآٱ", "اااا")


def alphabetical(name: str) -> str:
    """Return a sort key for names: É sorts as E, أ as ا."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def day_of(text: str | None) -> date | None:
    """Parse a frozen date, such as `2026-11-22`."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class ShownAction:
    """A treaty action as text."""

    state: str
    treaty: str
    action: str
    day: date
    source: str
    to_verify: bool

    @classmethod
    def of(cls, state: str, action: ActionData) -> "ShownAction":
        return cls(
            state=state,
            treaty=str(Treaty(action["treaty"]).label),
            action=str(Action(action["action"]).label),
            day=date.fromisoformat(action["date"]),
            source=action["source"],
            to_verify=action["certainty"] == Certainty.TO_BE_VERIFIED,
        )


@dataclass(frozen=True)
class ShownLaw:
    """A law as text."""

    state: str
    kind: str
    stage: str
    coverage: str
    title: str
    day: date | None
    source: str
    link: str
    to_verify: bool

    @classmethod
    def of(cls, state: str, law: LawData) -> "ShownLaw":
        coverage = LawCoverage(law["coverage"])
        return cls(
            state=state,
            kind=str(LawKind(law["kind"]).label),
            stage=str(LawStage(law["stage"]).label),
            coverage="" if coverage is LawCoverage.UNKNOWN else str(coverage.label),
            title=law["title"],
            day=day_of(law["date"]),
            source=law["source"],
            link=law["link"],
            to_verify=law["certainty"] == Certainty.TO_BE_VERIFIED,
        )


class ShownState:
    """A state as `record.status.describe`, the map and the tables read it."""

    def __init__(self, country: CountryData, *, language: str, url: str | None = None) -> None:
        self.country = country
        self.iso3 = country["iso3"]
        self.name = country["names"].get(language) or country["names"]["en"]
        self.region = country["region"]
        self.status = country["status"]
        self.since = day_of(country["since"])
        self.joins_on = day_of(country["joins_on"])
        self.leaves_on = day_of(country["leaves_on"])
        self.declared_on = day_of(country["declared_on"])
        self.ask = country["ask"]
        self.url = url

    @cached_property
    def status_text(self) -> str:
        """The status as a sentence."""
        return describe(self)

    @property
    def map_label(self) -> str:
        return f"{self.name}: {self.status_text}"

    @property
    def complementarity(self) -> str:
        return _stage(self.country["complementarity_stage"])

    @property
    def cooperation(self) -> str:
        return _stage(self.country["cooperation_stage"])

    @property
    def to_verify(self) -> bool:
        """Whether a treaty action under the Statute is to be verified."""
        return any(
            action["treaty"] == Treaty.ROME_STATUTE
            and action["certainty"] == Certainty.TO_BE_VERIFIED
            for action in self.country["actions"]
        )


def _stage(stage: str | None) -> str:
    return str(LawStage(stage).label) if stage else _("Not known")


@dataclass(frozen=True)
class Happening:
    """One kind of event of the year, and the states concerned."""

    heading: str
    entries: list[str]


@dataclass(frozen=True)
class Figure:
    """A key figure with its value a year before, if that is known."""

    label: str
    value: int
    before: int | None = None


@dataclass(frozen=True)
class RegionPart:
    """The states of a region, and the numbers of its parties then and now."""

    region: Region
    states: list[ShownState]
    parties: int
    parties_before: int

    @property
    def anchor(self) -> str:
        return f"report-{self.region.value}"


@dataclass(frozen=True)
class ShownTreaty:
    """A treaty other than the Statute, with its ratifications."""

    name: str
    adopted_on: date
    in_force_since: date | None
    consents: int
    consents_before: int
    new: list[str]


def formatted(day: str | None) -> str:
    """Return a frozen date in the format of the reader's language, or "" for None."""
    return date_format(date.fromisoformat(day)) if day else ""
