"""Compares the frozen records of two days. Days are ISO dates, whose order as text is that of the calendar."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from record.choices import CONSENTS, Action, LawStage, Status, Treaty
from record.status import History

from .data import (
    ActionData,
    BeforeData,
    ChangesData,
    CorrectionData,
    CountryData,
    EventData,
    LawMoveData,
)

# A law by its country, kind and title.
LawKey = tuple[str, str, str]
# The stages of laws a year before: None for laws that did not exist. Laws without known history are left out.
StagesBefore = dict[LawKey, str | None]


@dataclass(frozen=True)
class Period:
    """The days after `after`, up to and including `until`."""

    after: str
    until: str

    def __contains__(self, day: str | None) -> bool:
        return day is not None and self.after < day <= self.until


@dataclass(frozen=True)
class FrozenAction:
    """A frozen treaty action, as the rule of `record.status` reads it."""

    action: str
    date: dt.date
    takes_effect_on: dt.date | None

    @classmethod
    def of(cls, data: ActionData) -> Self:
        effect = data["takes_effect_on"]
        return cls(
            action=data["action"],
            date=dt.date.fromisoformat(data["date"]),
            takes_effect_on=dt.date.fromisoformat(effect) if effect else None,
        )


def compare(
    countries: list[CountryData], *, day: str, before: BeforeData, stages_before: StagesBefore
) -> ChangesData:
    """Return the events after the day of `before` and up to `day`. A status that no event explains was corrected."""
    period = Period(before["day"], day)
    events: dict[str, list[EventData]] = {
        "signed": list(actions_in(countries, [Action.SIGNATURE], period)),
        "deposited": list(actions_in(countries, CONSENTS, period)),
        "joined": list(_arrivals(countries, Status.STATE_PARTY, period)),
        "announced": list(actions_in(countries, [Action.WITHDRAWAL_NOTICE], period)),
        "revoked": list(actions_in(countries, [Action.WITHDRAWAL_NOTICE_REVOKED], period)),
        "left": list(_arrivals(countries, Status.WITHDRAWN, period)),
    }
    explained = {event["iso3"] for happened in events.values() for event in happened}
    laws, laws_not_comparable = _laws(countries, period, stages_before)
    focus = {country["iso3"] for country in countries if country["ask"] is not None}
    focus_before = before["focus"]
    return ChangesData(
        signed=events["signed"],
        deposited=events["deposited"],
        joined=events["joined"],
        announced=events["announced"],
        revoked=events["revoked"],
        left=events["left"],
        corrected=list(_corrections(countries, before, explained)),
        laws=laws,
        laws_not_comparable=laws_not_comparable,
        focus_new=None if focus_before is None else sorted(focus - set(focus_before)),
        focus_ended=None if focus_before is None else sorted(set(focus_before) - focus),
    )


def actions_in(
    countries: Iterable[CountryData],
    actions: Collection[str],
    period: Period,
    *,
    treaty: str = Treaty.ROME_STATUTE,
) -> Iterator[EventData]:
    """Yield the actions of these kinds in the period, without instruments that were withdrawn."""
    for country in countries:
        history = History(
            FrozenAction.of(action) for action in country["actions"] if action["treaty"] == treaty
        )
        for action in history.actions:
            if action.action not in actions or action.date.isoformat() not in period:
                continue
            cancellation = history.cancellation(action)
            if cancellation is None or action.action not in CONSENTS:
                effect = None if cancellation else action.takes_effect_on
                yield EventData(
                    iso3=country["iso3"],
                    day=action.date.isoformat(),
                    effect=effect.isoformat() if effect and effect != action.date else None,
                )


def _arrivals(
    countries: Iterable[CountryData], status: Status, period: Period
) -> Iterator[EventData]:
    for country in countries:
        since = country["since"]
        if since is not None and country["status"] == status and since in period:
            yield EventData(iso3=country["iso3"], day=since, effect=None)


def _corrections(
    countries: Iterable[CountryData], before: BeforeData, explained: Collection[str]
) -> Iterator[CorrectionData]:
    for country in countries:
        standing = before["standings"].get(country["iso3"])
        if standing is None or country["iso3"] in explained:
            continue
        if standing["status"] != country["status"]:
            yield CorrectionData(
                iso3=country["iso3"], before=standing["status"], now=country["status"]
            )


def _laws(
    countries: Iterable[CountryData], period: Period, stages_before: StagesBefore
) -> tuple[list[LawMoveData], int]:
    moves: list[LawMoveData] = []
    not_comparable = 0
    for country in countries:
        for law in country["laws"]:
            key = (country["iso3"], law["kind"], law["title"])
            before = stages_before.get(key)
            has_moved = law["date"] in period or (
                before is not None and _rank(law["stage"]) > _rank(before)
            )
            if has_moved:
                moves.append(
                    LawMoveData(
                        iso3=country["iso3"],
                        kind=law["kind"],
                        title=law["title"],
                        before=before if before != law["stage"] else None,
                        now=law["stage"],
                        day=law["date"],
                    )
                )
            elif law["date"] is None and key not in stages_before:
                not_comparable += 1
    return moves, not_comparable


_rank: Callable[[str], int] = LawStage.values.index
