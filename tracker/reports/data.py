"""What is frozen of the record for a yearly report: the shape of `FrozenRecord.data`.

Everything that the report shows of the record is in it, so that a frozen report asks the record nothing. Days are
ISO dates. Statuses, treaties, actions, kinds and stages are the values of `record.choices`.
"""

from typing import Literal, TypedDict

# Raised where the shape changes; `FrozenRecord`s of every version stay readable.
SCHEMA = 1


class ActionData(TypedDict):
    """A treaty action, as the depositary was told."""

    treaty: str
    action: str
    date: str
    takes_effect_on: str | None
    source: str
    certainty: str


class LawData(TypedDict):
    """An implementing law. `known_since` is its day, or else that of the source that tells of it."""

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
    """A state: its names by language, where it stands and since when, and all that was known of it on the day."""

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
    """How many states stood where, in all and by region. `leaving` are parties that gave notice."""

    total: int
    by_status: dict[str, int]
    by_region: dict[str, dict[str, int]]
    leaving: int


class StandingData(TypedDict):
    """Where a state stood a year before."""

    status: str
    leaves_on: str | None


class BeforeData(TypedDict):
    """What the report is compared with: the frozen report of the year before, or the record as of a year before.

    `record` is the version stamp of that report; nothing where the record was asked. `focus` are the states in focus
    then; nothing where none is recorded for that year.
    """

    source: Literal["report", "record"]
    day: str
    record: str | None
    counts: CountsData
    standings: dict[str, StandingData]
    focus: list[str] | None


class EventData(TypedDict):
    """What a state did in the year. `effect` is the day on which it has effect, where that is another."""

    iso3: str
    day: str
    effect: str | None


class CorrectionData(TypedDict):
    """A state of which the year before was told otherwise, although no treaty action of the year explains it."""

    iso3: str
    before: str
    now: str


class LawMoveData(TypedDict):
    """A law that came to its stage in the year. `day` is nothing where only the trail of changes tells of it."""

    iso3: str
    kind: str
    title: str
    before: str | None
    now: str
    day: str | None


class ChangesData(TypedDict):
    """What happened between the two days. `laws_not_comparable`: whose day is unknown, and that were entered since."""

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
    """A treaty beside the Statute: how many states had deposited their consent, then and now, and who is new."""

    treaty: str
    adopted_on: str
    in_force_since: str | None
    consents: int
    consents_before: int
    new: list[EventData]


class ReportData(TypedDict):
    """The whole. `record` is the version stamp of the record; `growth` has the parties at the end of each year."""

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
