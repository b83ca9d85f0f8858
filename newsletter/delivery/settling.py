"""What is written of a mail after the attempt to send it, and when the next attempt is made."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from newsletter.choices import DeliveryState

from .ledger import Settlement
from .transports.interface import (
    AddressRefused,
    Outcome,
    PermanentFailure,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
)

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720)]
MOST_ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
LONGEST_PAUSE = 30.0  # seconds


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts, all of which failed; None when they were enough.

    By chance a fifth more or less, so that what failed together is not tried again together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return WAITS[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def pause_after(errors_in_a_row: int) -> float:
    """Seconds for which a server is left alone that cannot be reached."""
    return min(2.0 ** min(max(errors_in_a_row - 1, 0), 10), LONGEST_PAUSE)


def settle(delivery_id: int, *, attempts: int, outcome: Outcome) -> Settlement:
    """What an outcome means for a delivery that was tried `attempts` times before."""
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
    """Of a delivery that was claimed and given to nobody."""
    return Settlement(delivery_id, DeliveryState.WAITING, attempts)


def cancel_if_waiting(settlement: Settlement) -> Settlement:
    """Of a mailing that was cancelled in the meantime nothing waits any more."""
    if settlement.state != DeliveryState.WAITING:
        return settlement
    return replace(settlement, state=DeliveryState.CANCELLED, wait=None)


@dataclass(frozen=True)
class Errors:
    """What a round of outcomes says of the server: how many failures stand at its end, and whether one was sent.

    An address that does not exist is no failure of the server.
    """

    failures: int = 0
    succeeded: bool = False
    last: str = ""

    @classmethod
    def among(cls, outcomes: Iterable[Outcome], *, is_known_unavailable: bool) -> "Errors":
        """That a server can't be reached counts once, however many mails wait for it, and not when it is known."""
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
