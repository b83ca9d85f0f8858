"""The possible outcomes of handing a message over, and what follows for its delivery, its mailbox and the server."""

import logging
import random
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from django.db import connection

from core.jobs import defer_once
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
    """The server did not accept the message but may do so later: greylisting, a full mailbox, a limit."""

    error: str


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """The server will never accept the message: it rejects its content or the sender."""

    error: str


@dataclass(frozen=True, slots=True)
class AddressRefused:
    """The mailbox does not exist: the server will accept no message to the address."""

    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The server may have accepted the message: the connection was lost before it answered."""

    error: str


@dataclass(frozen=True, slots=True)
class ServerUnavailable:
    """The message was not handed over, for a reason that concerns the server and not the message.

    `is_of_connection`: the server refused this connection. Other connections may still be open.
    """

    error: str
    is_of_connection: bool = False


# `error` is a code such as "550 5.1.1" or the name of an exception, at most 80 characters. Never the text of the
# server, which quotes addresses.
Outcome: TypeAlias = (
    Sent | TemporaryFailure | PermanentFailure | AddressRefused | Unknown | ServerUnavailable
)


def not_made(error: Exception) -> TemporaryFailure:
    """Return the outcome for a message that could not be built, because of a bug or a wrong setting: a later retry.

    Logs the place of the error, never its text.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    details = {"error": type(error).__name__, "place": f"{place.filename}:{place.lineno}"}
    logger.error("newsletter.mail_not_made", extra=details)
    return TemporaryFailure(type(error).__name__)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The new state of a claimed delivery.

    `attempts` includes the last one. `wait` is the time until a retry. `has_bounced`: the mailbox does not exist.
    """

    delivery_id: int
    state: DeliveryState
    attempts: int
    error: str = ""
    wait: timedelta | None = None
    has_bounced: bool = False


def settle(delivery_id: int, *, attempts: int, outcome: Outcome) -> Settlement:
    """Return the new state of a delivery after an outcome. `attempts` is the number of attempts before it."""
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
    """Return the settlement of a claimed delivery whose message no transport has taken: back to waiting."""
    return Settlement(delivery_id, DeliveryState.WAITING, attempts)


def cancel_if_waiting(settlement: Settlement) -> Settlement:
    """Replace a settlement that leads back to waiting, since the mailing was cancelled meanwhile."""
    if settlement.state != DeliveryState.WAITING:
        return settlement
    return replace(settlement, state=DeliveryState.CANCELLED, wait=None)


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after that many failed attempts; None to give up.

    Varies randomly by up to a fifth, so that messages that failed together are not retried together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return WAITS[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def pause_after(errors_in_a_row: int) -> float:
    """Return how many seconds to wait before trying an unreachable server again."""
    return min(2.0 ** min(max(errors_in_a_row - 1, 0), 10), LONGEST_PAUSE)


@dataclass(frozen=True)
class Errors:
    """The errors of the server in a round of outcomes.

    `failures` counts those since the last success in the round. A mailbox that does not exist is no error.
    """

    failures: int = 0
    succeeded: bool = False
    last: str = ""

    @classmethod
    def among(cls, outcomes: Iterable[Outcome], *, is_known_unavailable: bool) -> "Errors":
        """Count errors. An unreachable server counts once, for any number of messages, and not if already known."""
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


# Mailboxes that do not exist. Their addresses are suppressed, as after a bounce that a provider reports. But a
# misconfigured relay refuses every address, so this waits until more messages of the mailing were sent than refused.

# By name, since `feedback` imports this package.
SUPPRESS_REFUSED = "newsletter.suppress_refused"
# The number of refused addresses that is credible before anything was sent, since a list's oldest addresses come first.
FEW = 20
# A mailing with this many refused addresses, and fewer sent messages, is paused.
MANY = 200

COUNT_REFUSALS = """
    SELECT count(*) FILTER (WHERE state = 'failed' AND bounced_at IS NOT NULL), count(*) FILTER (WHERE state = 'sent')
    FROM newsletter_delivery WHERE mailing_id = %s AND state IN ('failed', 'sent')
"""


@dataclass(frozen=True)
class Refusals:
    """Numbers of a mailing: addresses refused as unknown, and messages sent."""

    refused: int
    sent: int

    @classmethod
    def of(cls, mailing_id: int) -> "Refusals":
        with connection.cursor() as cursor:
            cursor.execute(COUNT_REFUSALS, [mailing_id])
            return cls(*cursor.fetchone())

    @property
    def are_believed(self) -> bool:
        """Return whether the addresses are at fault, and not the server."""
        return self.refused <= max(FEW, self.sent)

    @property
    def need_a_person(self) -> bool:
        """Return whether the mailing must be paused for staff to decide."""
        return self.refused >= MANY and not self.are_believed


def follow_up(mailing_id: int) -> None:
    """Queue the suppression of a mailing's refused addresses. Idempotent."""
    defer_once(SUPPRESS_REFUSED, key=f"{SUPPRESS_REFUSED}.{mailing_id}", mailing_id=mailing_id)
