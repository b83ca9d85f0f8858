"""Derives the status of a state under a treaty on a day from its treaty actions, and puts it into a sentence.

`CountryQuerySet.with_standing` is the same rule in SQL, for lists that the database filters, sorts and pages;
`tests/record/test_status.py` checks that the two agree. Days are UTC, and those of the depositary.
"""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, Self, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.language import current_language

from .choices import CONSENTS, Action, Status
from .treaties import FIRST_DAY


class DatedAction(Protocol):
    """The part of a treaty action that the rule reads. `takes_effect_on` is None if the day is not known."""

    @property
    def action(self) -> str: ...
    @property
    def date(self) -> dt.date: ...
    @property
    def takes_effect_on(self) -> dt.date | None: ...


A = TypeVar("A", bound=DatedAction)

# The actions that change membership, each with the action that cancels it before it takes effect.
CANCELLED_BY: dict[str, Action] = {
    Action.WITHDRAWAL_NOTICE: Action.WITHDRAWAL_NOTICE_REVOKED,
    **dict.fromkeys(CONSENTS, Action.INSTRUMENT_WITHDRAWN),
}


class DayOutOfRangeError(ValueError):
    """The day is before 17 July 1998, when the Rome Statute was adopted."""


@dataclass(frozen=True, slots=True)
class Standing(Generic[A]):
    """The status of a state on a day.

    `since` is the first day of the status, None for a state that has taken no action. `signed_on`, `consented_on`
    (deposit of an instrument that was not withdrawn) and `declared_on` (declaration not to become a party) are the
    latest such days. `joins_on` and `leaves_on` are known on the day and still to come.

    `basis` is the action on which the status rests, `pending` the latest that has yet to take effect, and `consent`
    the action of `consented_on`.
    """

    status: Status
    since: date | None
    signed_on: date | None
    consented_on: date | None
    joins_on: date | None
    leaves_on: date | None
    declared_on: date | None
    basis: A | None
    pending: A | None
    consent: A | None


class History(Generic[A]):
    """The actions of one state under one treaty. Computes its status on any day."""

    def __init__(self, actions: Iterable[A]) -> None:
        """Take actions in any order. Of two on the same day, the later one in the iterable counts as the later."""
        self.actions = sorted(actions, key=lambda action: action.date)
        self.signatures = self._of(Action.SIGNATURE)
        self.declarations = self._of(Action.DECLARATION)
        self._membership = [action for action in self.actions if action.action in CANCELLED_BY]
        self._cancelled = {
            id(action): cancellation
            for action in self._membership
            if (cancellation := self._find_cancellation(action))
        }
        in_effect = [
            (action.takes_effect_on, action.date, place, action)
            for place, action in enumerate(self._membership)
            if action.takes_effect_on and id(action) not in self._cancelled
        ]
        # The place breaks ties, since actions cannot be compared.
        self.turns: list[A] = [action for _effect, _date, _place, action in sorted(in_effect)]
        self._turn_days = [effect for effect, _date, _place, _action in sorted(in_effect)]

    def on(self, day: date) -> Standing[A]:
        """Return the status on a day. Raises `DayOutOfRangeError`."""
        if day < FIRST_DAY:
            raise DayOutOfRangeError
        signature = _latest(self.signatures, day)
        declaration = _latest(self.declarations, day)
        turns = bisect_right(self._turn_days, day)
        basis = self.turns[turns - 1] if turns else signature
        known = [action for action in self._membership if self._is_known(action, day)]
        pending = [action for action in known if _is_to_come(action, day)]
        consent = _last(known, consents=True)
        joining, leaving = _last(pending, consents=True), _last(pending, consents=False)
        return Standing(
            status=self._status(turns, signature),
            since=self._turn_days[turns - 1] if turns else _date(signature),
            signed_on=_date(signature),
            consented_on=_date(consent),
            joins_on=joining.takes_effect_on if joining else None,
            leaves_on=leaving.takes_effect_on if leaving else None,
            declared_on=_date(declaration),
            basis=basis,
            pending=pending[-1] if pending else None,
            consent=consent,
        )

    def is_party(self, day: date) -> bool:
        """Return whether the state is a party on a day."""
        turns = bisect_right(self._turn_days, day)
        return bool(turns) and self.turns[turns - 1].action in CONSENTS

    def consents(self, day: date) -> list[A]:
        """Return the instruments deposited by the day that were not withdrawn by then, by date."""
        return [
            action
            for action in self._membership
            if action.action in CONSENTS and self._is_known(action, day)
        ]

    def cancellation(self, action: A) -> A | None:
        """Return the action that withdrew this instrument, or revoked this notice, before it took effect."""
        return self._cancelled.get(id(action))

    def _status(self, turns: int, signature: A | None) -> Status:
        if turns:
            is_party = self.turns[turns - 1].action in CONSENTS
            return Status.STATE_PARTY if is_party else Status.WITHDRAWN
        return Status.SIGNATORY if signature else Status.NON_PARTY

    def _of(self, kind: Action) -> list[A]:
        return [action for action in self.actions if action.action == kind]

    def _find_cancellation(self, action: A) -> A | None:
        until = action.takes_effect_on or date.max
        return next(
            (
                other
                for other in self.actions
                if other.action == CANCELLED_BY[action.action] and action.date <= other.date < until
            ),
            None,
        )

    def _is_known(self, action: A, day: date) -> bool:
        """Whether the action was taken by the day, and not cancelled by then."""
        cancellation = self._cancelled.get(id(action))
        return action.date <= day and (cancellation is None or cancellation.date > day)


def _date(action: DatedAction | None) -> date | None:
    return action.date if action else None


def _is_to_come(action: DatedAction, day: date) -> bool:
    return action.takes_effect_on is None or action.takes_effect_on > day


def _latest(actions: list[A], day: date) -> A | None:
    return next((action for action in reversed(actions) if action.date <= day), None)


def _last(actions: list[A], *, consents: bool) -> A | None:
    return next(
        (action for action in reversed(actions) if (action.action in CONSENTS) == consents), None
    )


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Numbers of states by status, in total and by region (a value of `Region`). `leaving` count as parties too."""

    total: int
    by_status: dict[str, int]
    by_region: dict[str, dict[str, int]]
    leaving: int
    leaving_by_region: dict[str, int]

    @classmethod
    def count(cls, states: Iterable[tuple[str, str, date | None]]) -> Self:
        """Count states, each given as its region, its status and the day on which it leaves, if any."""
        by_status: Counter[str] = Counter()
        by_region: dict[str, Counter[str]] = {}
        leaving: Counter[str] = Counter()
        for region, status, leaves_on in states:
            by_status[status] += 1
            by_region.setdefault(region, Counter())[status] += 1
            leaving[region] += status == Status.STATE_PARTY and leaves_on is not None
        return cls(
            total=by_status.total(),
            by_status=dict(by_status),
            by_region={region: dict(counts) for region, counts in by_region.items()},
            leaving=leaving.total(),
            leaving_by_region=dict(leaving),
        )

    def of(self, status: str, region: str | None = None) -> int:
        """Return the number of states with a status, in a region or in total."""
        counts = self.by_status if region is None else self.by_region.get(region, {})
        return counts.get(status, 0)


class DatedStatus(Protocol):
    """A status with its dates: a `Standing`, or a country of `Country.objects.as_of(day)`."""

    @property
    def status(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def joins_on(self) -> date | None: ...
    @property
    def leaves_on(self) -> date | None: ...
    @property
    def declared_on(self) -> date | None: ...


# By status and the date to mention. These are whole sentences because word order differs between languages.
SENTENCES = {
    (Status.STATE_PARTY, ""): _("State Party since %(since)s"),
    (Status.STATE_PARTY, "leaves_on"): _(
        "State Party since %(since)s; withdrawal takes effect on %(leaves_on)s"
    ),
    (Status.SIGNATORY, ""): _("Signed on %(since)s, not ratified"),
    (Status.SIGNATORY, "joins_on"): _("Signed on %(since)s; becomes a State Party on %(joins_on)s"),
    (Status.SIGNATORY, "declared_on"): _(
        "Signed on %(since)s; declared on %(declared_on)s that it will not become a party"
    ),
    (Status.WITHDRAWN, ""): _("Withdrew on %(since)s"),
    (Status.WITHDRAWN, "joins_on"): _(
        "Withdrew on %(since)s; becomes a State Party again on %(joins_on)s"
    ),
    (Status.NON_PARTY, ""): _("Not a party"),
    (Status.NON_PARTY, "joins_on"): _("Not a party; becomes a State Party on %(joins_on)s"),
}
NEWS = ("leaves_on", "joins_on", "declared_on")


def describe(standing: DatedStatus) -> str:
    """Return a status as a sentence: "State Party since 1 June 2005; withdrawal takes effect on 18 June 2027"."""
    days = {name: getattr(standing, name) for name in ("since", *NEWS)}
    mentioned = [name for name in NEWS if days[name] and (standing.status, name) in SENTENCES]
    sentence = SENTENCES[Status(standing.status), mentioned[0] if mentioned else ""]
    return str(sentence) % {name: day_in_sentence(day) for name, day in days.items() if day}


def day_in_sentence(day: date) -> str:
    """Return a date as written in a sentence. French has an ordinal for the first of a month: "le 1er juin"."""
    words = date_format(day)
    is_french = current_language() == "fr"
    return words.replace("1", "1er", 1) if is_french and day.day == 1 else words
