"""The states of mailings and deliveries: which transitions there are, and who may make them.

`newsletter.delivery.transitions` makes them; `available_actions` of a mailing or a delivery tells templates and views
which are open to staff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .choices import DeliveryState, MailingState


class Actor(StrEnum):
    """Who makes a transition."""

    STAFF = "staff"
    WORKER = "worker"
    PROVIDER = "provider"


class Action(StrEnum):
    """What can be done with a mailing or a delivery. Staff's are the values of buttons."""

    # Mailings
    START = "start"
    PAUSE = "pause"
    HOLD = "hold"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    # Mailings and deliveries
    RESEND = "resend"
    # Deliveries
    CLAIM = "claim"
    RECORD = "record"
    RECOVER = "recover"
    MARK_SENT = "mark_sent"


AnyState = TypeVar("AnyState", MailingState, DeliveryState)


@dataclass(frozen=True)
class Transition(Generic[AnyState]):
    """From which states an action is possible, to which it leads, and who may take it."""

    sources: frozenset[AnyState]
    targets: frozenset[AnyState]
    actors: frozenset[Actor]


def _transition(
    sources: Iterable[AnyState], targets: Iterable[AnyState], *actors: Actor
) -> Transition[AnyState]:
    return Transition(frozenset(sources), frozenset(targets), frozenset(actors))


_M, _D = MailingState, DeliveryState

MAILING_TRANSITIONS: Mapping[Action, Transition[MailingState]] = {
    Action.START: _transition([_M.SCHEDULED], [_M.SENDING], Actor.WORKER),
    Action.PAUSE: _transition([_M.SENDING], [_M.PAUSED], Actor.STAFF),
    # Errors, a failed check, a missed or interrupted start, a restored backup: `PauseReason` says which.
    Action.HOLD: _transition([_M.SCHEDULED, _M.SENDING], [_M.PAUSED], Actor.WORKER),
    # One that never started is scheduled for now.
    Action.RESUME: _transition([_M.PAUSED], [_M.SENDING, _M.SCHEDULED], Actor.STAFF),
    # One that never started is deleted.
    Action.CANCEL: _transition([_M.SCHEDULED, _M.SENDING, _M.PAUSED], [_M.CANCELLED], Actor.STAFF),
    Action.FINISH: _transition([_M.SENDING], [_M.SENT], Actor.WORKER),
    # Of its uncertain deliveries. A paused one stays paused.
    Action.RESEND: _transition(
        [_M.SENDING, _M.PAUSED, _M.SENT, _M.CANCELLED], [_M.SENDING, _M.PAUSED], Actor.STAFF
    ),
}
DELIVERY_TRANSITIONS: Mapping[Action, Transition[DeliveryState]] = {
    # Whoever left since the mailing was prepared is skipped.
    Action.CLAIM: _transition([_D.WAITING], [_D.HANDED_OVER, _D.SKIPPED], Actor.WORKER),
    # By the holder of the claim, whose word counts even where it was taken for dead.
    Action.RECORD: _transition(
        [_D.HANDED_OVER, _D.UNCERTAIN],
        [_D.SENT, _D.FAILED, _D.UNCERTAIN, _D.WAITING, _D.CANCELLED],
        Actor.WORKER,
    ),
    Action.RECOVER: _transition([_D.HANDED_OVER], [_D.UNCERTAIN], Actor.WORKER),
    Action.MARK_SENT: _transition([_D.UNCERTAIN], [_D.SENT], Actor.STAFF, Actor.PROVIDER),
    Action.RESEND: _transition([_D.UNCERTAIN], [_D.WAITING], Actor.STAFF),
    Action.CANCEL: _transition([_D.WAITING], [_D.CANCELLED], Actor.STAFF),
}


class TransitionRefusedError(Exception):
    """The state does not allow it, or no longer does."""


def mailing_actions(state: MailingState) -> set[Action]:
    """Return what staff can do with a mailing in this state."""
    return _of_staff(MAILING_TRANSITIONS, state)


def delivery_actions(state: DeliveryState) -> set[Action]:
    """Return what staff can do with a single delivery in this state."""
    return _of_staff(DELIVERY_TRANSITIONS, state) - {
        Action.CANCEL
    }  # Mailings are cancelled as a whole.


def changes_by_itself(state: MailingState) -> bool:
    """Tell whether a worker may be the next to change a mailing in this state: it is scheduled or being sent."""
    return any(
        state in one.sources and Actor.WORKER in one.actors for one in MAILING_TRANSITIONS.values()
    )


def _of_staff(table: Mapping[Action, Transition[AnyState]], state: AnyState) -> set[Action]:
    return {
        action
        for action, one in table.items()
        if state in one.sources and Actor.STAFF in one.actors
    }
