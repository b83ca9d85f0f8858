"""What can come of handing a message over, and what follows for its delivery. Pure rules: no database, no network."""

import logging
import random
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from newsletter.choices import DeliveryState

logger = logging.getLogger(__name__)

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
MOST_ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
LONGEST_PAUSE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """The server accepted the message."""


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """The message was not accepted, but may be later: greylisting, a full mailbox, a limit."""

    error: str


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """The message was not accepted and never will be: its content or this sender is not wanted."""

    error: str


@dataclass(frozen=True, slots=True)
class AddressRefused:
    """There is no such mailbox: neither this message nor any other to the address will be accepted."""

    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message may have been accepted: the connection was lost before the server answered."""

    error: str


@dataclass(frozen=True, slots=True)
class ServerUnavailable:
    """No message was handed over, for a reason that concerns the server and not the message.

    `is_of_connection`: the server refused this one connection. Others that are open may go on.
    """

    error: str
    is_of_connection: bool = False


# `error` is a code such as "550 5.1.1" or the name of an exception, at most 80 characters. It is never the
# server's text, which quotes addresses.
Outcome: TypeAlias = (
    Sent | TemporaryFailure | PermanentFailure | AddressRefused | Unknown | ServerUnavailable
)


def not_made(error: Exception) -> TemporaryFailure:
    """Return the outcome of a message that a bug or a wrong setting kept from being sent: it waits.

    Logs where it happened, never the error's text.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    details = {"error": type(error).__name__, "place": f"{place.filename}:{place.lineno}"}
    logger.error("newsletter.mail_not_made", extra=details)
    return TemporaryFailure(type(error).__name__)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to write of a claimed delivery.

    `attempts` counts all so far; `wait` is for a delivery that goes back to waiting; `has_bounced`: there is no such
    mailbox.
    """

    delivery_id: int
    state: DeliveryState
    attempts: int
    error: str = ""
    wait: timedelta | None = None
    has_bounced: bool = False


def settle(delivery_id: int, *, attempts: int, outcome: Outcome) -> Settlement:
    """Return what an outcome means for a delivery that had `attempts` attempts before."""
    match outcome:
        case Sent():
            return Settlement(delivery_id, DeliveryState.SENT, attempts + 1)
        case PermanentFailure(error) | AddressRefused(error):
            has_bounced = isinstance(outcome, AddressRefused)
            return Settlement(
                delivery_id, DeliveryState.FAILED, attempts + 1, error, has_bounced=has_bounced
            )
        case Unknown(error):
            return Settlement(delivery_id, DeliveryState.UNCERTAIN, attempts + 1, error)
        case ServerUnavailable(error):
            return Settlement(delivery_id, DeliveryState.WAITING, attempts, error)
        case TemporaryFailure(error):
            wait = wait_after(attempts + 1)
            if wait is None:
                return Settlement(
                    delivery_id, DeliveryState.FAILED, attempts + 1, f"gave up: {error}"
                )
            return Settlement(delivery_id, DeliveryState.WAITING, attempts + 1, error, wait)


def put_back(delivery_id: int, *, attempts: int) -> Settlement:
    """Return a claimed delivery whose message was not handed to any transport to waiting."""
    return Settlement(delivery_id, DeliveryState.WAITING, attempts)


def cancel_if_waiting(settlement: Settlement) -> Settlement:
    """Return waiting deliveries of a cancelled mailing to `cancelled`."""
    if settlement.state != DeliveryState.WAITING:
        return settlement
    return replace(settlement, state=DeliveryState.CANCELLED, wait=None)


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after that many failed attempts; None to give up.

    Random by up to a fifth, so that messages that failed together are not retried together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return WAITS[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def pause_after(errors_in_a_row: int) -> float:
    """Return for how many seconds to leave an unreachable server alone."""
    return min(2.0 ** min(max(errors_in_a_row - 1, 0), 10), LONGEST_PAUSE)


@dataclass(frozen=True)
class Errors:
    """What a round of outcomes says about the server.

    `failures` counts those since the last success in the round. An address that does not exist is not the server's
    failure.
    """

    failures: int = 0
    succeeded: bool = False
    last: str = ""

    @classmethod
    def among(cls, outcomes: Iterable[Outcome], *, is_known_unavailable: bool) -> "Errors":
        """Count an unreachable server once, however many messages wait for it, and not if it is already known."""
        failures, succeeded, unavailable, last = 0, False, False, ""
        for outcome in outcomes:
            match outcome:
                case Sent():
                    failures, succeeded = 0, True
                case ServerUnavailable(error):
                    unavailable, last = True, error
                case TemporaryFailure(error) | PermanentFailure(error) | Unknown(error):
                    failures, last = failures + 1, error
        return cls(failures + (unavailable and not is_known_unavailable), succeeded, last)
