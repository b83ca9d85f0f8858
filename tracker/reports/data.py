"""The types of a frozen record: those of `FrozenRecord.data`.

They hold everything that a report shows of the record, so a frozen report never reads the record itself. Days are ISO
dates. Statuses, treaties, actions, kinds and stages are values of `record.choices`.
"""

from typing import Literal, TypedDict

# Raised when the types change. `FrozenRecord`s of every version stay readable.
SCHEMA = 1


class ActionData(TypedDict):
    """A treaty action, as notified to the depositary."""

    treaty: str
    action: str
    date: str
    takes_effect_on: str | None
    source: str
    certainty: str


class LawData(TypedDict):
    """An implementing law. `known_since` is its date, or else that of its source."""

    kind: str
    stage: str
    coverage: str
    gender_provisions: str
    title: str
    date: str | None
    known_since: str
    source: str
    link: str
    certainty: str


class CountryData(TypedDict):
    """A state: its names by language, its standing, and all its entries known on the day."""

    iso3: str
    names: dict[str, str]
    region: str
    status: str
    since: str | None
    signed_on: str | None
    consented_on: str | None
    joins_on: str | None
    leaves_on: str | None
    declared_on: str | None
    complementarity_stage: str | None
    cooperation_stage: str | None
    ask: str | None
    actions: list[ActionData]
    laws: list[LawData]


class CountsData(TypedDict):
    """Numbers of states by status, in total and by region. `leaving` are parties that gave notice."""

    total: int
    by_status: dict[str, int]
    by_region: dict[str, dict[str, int]]
    leaving: int


class StandingData(TypedDict):
    """The standing of a state a year before."""

    status: str
    leaves_on: str | None


class BeforeData(TypedDict):
    """The basis of comparison: the frozen report of the year before, or else the record as of a year before.

    `record` is the version stamp of that report, None if there was none. `focus` are the states in focus then, None if
    none is recorded for that year.
    """

    source: Literal["report", "record"]
    day: str
    record: str | None
    counts: CountsData
    standings: dict[str, StandingData]
    focus: list[str] | None


class EventData(TypedDict):
    """An action of a state in the year. `effect` is the day on which it takes effect, if that is another."""

    iso3: str
    day: str
    effect: str | None


class CorrectionData(TypedDict):
    """A state whose status differs from that of the year before without a treaty action that explains it."""

    iso3: str
    before: str
    now: str


class LawMoveData(TypedDict):
    """A law that reached its stage in the year. `day` is None if only the trail of changes shows that."""

    iso3: str
    kind: str
    title: str
    before: str | None
    now: str
    day: str | None


class ChangesData(TypedDict):
    """The events between the two days. `laws_not_comparable` counts laws without a date that were entered since."""

    signed: list[EventData]
    deposited: list[EventData]
    joined: list[EventData]
    announced: list[EventData]
    revoked: list[EventData]
    left: list[EventData]
    corrected: list[CorrectionData]
    laws: list[LawMoveData]
    laws_not_comparable: int
    focus_new: list[str] | None
    focus_ended: list[str] | None


class TreatyData(TypedDict):
    """A treaty other than the Statute: the numbers of states that had consented, then and now, and the new ones."""

    treaty: str
    adopted_on: str
    in_force_since: str | None
    consents: int
    consents_before: int
    new: list[EventData]


class ReportData(TypedDict):
    """A frozen record. `record` is the version stamp, `growth` the number of parties at the end of each year."""

    schema: int
    year: int
    day: str
    record: str
    countries: list[CountryData]
    counts: CountsData
    growth: list[tuple[int, int]]
    treaties: list[TreatyData]
    before: BeforeData
    changes: ChangesData
