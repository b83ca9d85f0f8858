"""The transitions between states of mailings and deliveries, and who may make them.

`newsletter.delivery.transitions` makes them. `available_actions` of a mailing or delivery lists those open to staff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .choices import DeliveryState, MailingState


class Actor(StrEnum):
    """The maker of a transition."""

    STAFF = "staff"
    WORKER = "worker"
    PROVIDER = "provider"


class Action(StrEnum):
    """Actions on mailings and deliveries. Those of staff are also values of buttons."""

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
    """The states from which an action is possible, those to which it leads, and its actors."""

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
    # For errors, a failed check, a missed start, an interruption or a restored backup: see `PauseReason`.
    Action.HOLD: _transition([_M.SCHEDULED, _M.SENDING], [_M.PAUSED], Actor.WORKER),
    # A mailing that never started is scheduled for now.
    Action.RESUME: _transition([_M.PAUSED], [_M.SENDING, _M.SCHEDULED], Actor.STAFF),
    # A mailing that never started is deleted.
    Action.CANCEL: _transition([_M.SCHEDULED, _M.SENDING, _M.PAUSED], [_M.CANCELLED], Actor.STAFF),
    Action.FINISH: _transition([_M.SENDING], [_M.SENT], Actor.WORKER),
    # Resends uncertain deliveries. A paused mailing stays paused.
    Action.RESEND: _transition(
        [_M.SENDING, _M.PAUSED, _M.SENT, _M.CANCELLED], [_M.SENDING, _M.PAUSED], Actor.STAFF
    ),
}
DELIVERY_TRANSITIONS: Mapping[Action, Transition[DeliveryState]] = {
    # Recipients who unsubscribed since the deliveries were created are skipped.
    Action.CLAIM: _transition([_D.WAITING], [_D.HANDED_OVER, _D.SKIPPED], Actor.WORKER),
    # Only the holder of the claim may do this, even if it was taken for dead meanwhile.
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
    """The state does not allow the action, or no longer does."""


def mailing_actions(state: MailingState) -> set[Action]:
    """Return the actions of staff on a mailing in this state."""
    return _of_staff(MAILING_TRANSITIONS, state)


def delivery_actions(state: DeliveryState) -> set[Action]:
    """Return the actions of staff on a single delivery in this state."""
    # Only whole mailings are cancelled.
    return _of_staff(DELIVERY_TRANSITIONS, state) - {Action.CANCEL}


def changes_by_itself(state: MailingState) -> bool:
    """Return whether a worker may change a mailing in this state: it is scheduled or being sent."""
    return any(
        state in one.sources and Actor.WORKER in one.actors for one in MAILING_TRANSITIONS.values()
    )


def _of_staff(table: Mapping[Action, Transition[AnyState]], state: AnyState) -> set[Action]:
    return {
        action
        for action, one in table.items()
        if state in one.sources and Actor.STAFF in one.actors
    }
