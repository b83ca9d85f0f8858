"""Brings one mailing to its readers: claims, writes letters, has them sent, and records what came of it.

What the last round brought is written in the transaction that claims the next batch. A batch is about half a second
of mail: all that a worker holds when it is killed becomes uncertain.
"""

import logging
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from newsletter.choices import MailingState, PauseReason

from . import ledger, rate
from .claims import Claim, ClaimLostError
from .letters import LetterError
from .progress import Standing, count_errors, lock, pause
from .refusals import Refusals, follow_up
from .senders import Assignment, Senders
from .settling import Errors, cancel_if_waiting, put_back, settle
from .transports.interface import AddressRefused, Outcome, PermanentFailure, ServerUnavailable
from .writing import Writer

logger = logging.getLogger(__name__)

BATCH_SECONDS = 0.5
LARGEST_BATCH = 400
ROUND = 0.25  # seconds after which outcomes are written in any case
# Waits before outcomes are written again that the database did not take.
SECOND_TRIES = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0]

Outcomes = Sequence[tuple[Assignment, Outcome]]


class Courier:
    """Works for one mailing, until nothing waits or `is_over` says so."""

    def __init__(
        self, mailing_id: int, claim: Claim, senders: Senders, is_over: Callable[[], bool]
    ) -> None:
        self.server_is_unavailable = False
        self._mailing_id = mailing_id
        self._claim = claim
        self._senders = senders
        self._is_over = is_over
        self._writer = Writer(mailing_id)
        self._after = 0
        self._least = 1 if rate.rate() else 2 * senders.connections
        self._window = self._least
        self._unwritten: list[ledger.Settlement] = []
        self._clock_is_busy = False
        self._is_stopping = False
        self._has_lost_claim = False

    def run(self) -> None:
        """Raises what went wrong in the program or with the database, after all outcomes were written."""
        self._senders.forget_unavailability()
        self._round([], [])
        began = time.monotonic()
        while self._senders.outstanding or (self._clock_is_busy and not self._is_stopping):
            self._senders.wait(until_below=self._window // 2 + 1, seconds=ROUND)
            if self._clock_is_busy and not self._senders.outstanding:
                time.sleep(ROUND)
            outcomes = self._senders.collect()
            self._fit_window(len(outcomes), time.monotonic() - began)
            began = time.monotonic()
            self._is_stopping = self._is_stopping or self._has_to_stop()
            returned = self._senders.take_back() if self._is_stopping else []
            if outcomes or returned or self._clock_is_busy:
                self._round(outcomes, returned)
        if self._unwritten:
            self._round([], [])
        if self._senders.mistake:
            raise self._senders.mistake
        if self._has_lost_claim:
            raise ClaimLostError

    def _has_to_stop(self) -> bool:
        return self._is_over() or self.server_is_unavailable or self._senders.mistake is not None

    def _fit_window(self, mails: int, seconds: float) -> None:
        """Claim as much as half a second takes; twice as much as before at most, for one lucky round says little."""
        if rate.rate():
            self._window = max(self._least, int(rate.rate() * BATCH_SECONDS))
        elif mails:
            fitting = int(mails / max(seconds, 0.001) * BATCH_SECONDS)
            largest = min(2 * self._window, LARGEST_BATCH)
            self._window = max(self._least, min(fitting, largest))

    def _round(self, outcomes: Outcomes, returned: Sequence[Assignment]) -> None:
        try:
            with transaction.atomic():
                standing = lock(self._mailing_id)
                self._record(outcomes, returned, standing)
                self._judge(standing, outcomes)
                claimed, wait = self._claim_next()
        except (OperationalError, InterfaceError):
            self._rescue([*outcomes], [*returned])
            raise
        self._unwritten = []
        self._give(claimed, wait)

    def _give(self, claimed: Sequence[ledger.Claimed], wait: float) -> None:
        start, interval = time.monotonic() + wait, 1 / rate.rate() if rate.rate() else 0.0
        assignments = []
        for number, one in enumerate(claimed):
            try:
                letter = self._writer.letter(one)
            except (
                LetterError
            ) as error:  # To this reader none can be written; the others wait for theirs.
                failure = PermanentFailure(type(error).__name__)
                outcome = settle(one.delivery_id, attempts=one.attempts, outcome=failure)
                self._unwritten.append(outcome)
            else:
                assignments.append(Assignment(letter, one.attempts, start + number * interval))
        self._senders.give(assignments)

    def _record(
        self, outcomes: Outcomes, returned: Sequence[Assignment], standing: Standing
    ) -> None:
        settlements = [
            settle(one.letter.delivery_id, attempts=one.attempts, outcome=outcome)
            for one, outcome in outcomes
        ]
        settlements += [put_back(one.letter.delivery_id, attempts=one.attempts) for one in returned]
        settlements += self._unwritten
        if standing.state == MailingState.CANCELLED:
            settlements = [cancel_if_waiting(settlement) for settlement in settlements]
        ledger.record(settlements, self._claim)

    def _judge(self, standing: Standing, outcomes: Outcomes) -> None:
        """Whether to go on: not without the lock of the claim, and not when staff or many errors say so."""
        errors = Errors.among(
            (outcome for _, outcome in outcomes), is_known_unavailable=self.server_is_unavailable
        )
        if any(isinstance(outcome, ServerUnavailable) for _, outcome in outcomes):
            self.server_is_unavailable = True
        self._has_lost_claim = standing.backend != self._claim.backend
        in_a_row = errors.failures + (0 if errors.succeeded else standing.errors_in_a_row)
        if in_a_row != standing.errors_in_a_row:
            count_errors(self._mailing_id, in_a_row)
        failed = in_a_row >= settings.NEWSLETTER_MAX_ERRORS
        details = errors.last
        refused = [outcome for _, outcome in outcomes if isinstance(outcome, AddressRefused)]
        if refused:
            follow_up(self._mailing_id)
            if Refusals.of(self._mailing_id).need_a_person:
                failed, details = True, refused[-1].error
        if failed and standing.state == MailingState.SENDING:
            pause(mailing_id=self._mailing_id, reason=PauseReason.ERRORS, details=details)
        if failed or self._has_lost_claim or standing.state != MailingState.SENDING:
            self._is_stopping = True

    def _claim_next(self) -> tuple[list[ledger.Claimed], float]:
        """The next batch, and in how many seconds its first mail may leave."""
        self._clock_is_busy = False
        if self._is_stopping or self.server_is_unavailable:
            return [], 0.0
        return self._claim_at_the_rate()

    def _claim_at_the_rate(self) -> tuple[list[ledger.Claimed], float]:
        wait = rate.seconds_until_free()
        limit = min(self._window - self._senders.outstanding, rate.most_to_reserve(wait))
        if limit <= 0:
            self._clock_is_busy = self._senders.outstanding == 0
            return [], 0.0
        claimed = self._claim_after(limit)
        rate.reserve(len(claimed))
        return claimed, wait

    def _claim_after(self, limit: int) -> list[ledger.Claimed]:
        """Look behind those claimed before first: the index still names what waited until a moment ago."""
        claimed = ledger.claim(
            mailing_id=self._mailing_id, claim=self._claim, limit=limit, after=self._after
        )
        if not claimed and self._after:
            claimed = ledger.claim(mailing_id=self._mailing_id, claim=self._claim, limit=limit)
        if claimed:
            self._after = claimed[-1].delivery_id
        return claimed

    def _rescue(
        self, outcomes: list[tuple[Assignment, Outcome]], returned: list[Assignment]
    ) -> None:
        """Write the truth over a new connection: the number of the claim finds the rows, with or without lock."""
        returned += self._senders.take_back()
        while self._senders.outstanding:
            self._senders.wait(until_below=1, seconds=ROUND)
            outcomes += self._senders.collect()
        for wait in SECOND_TRIES:
            time.sleep(wait)
            connection.close()
            try:
                with transaction.atomic():
                    self._record(outcomes, returned, lock(self._mailing_id))
            except (OperationalError, InterfaceError):
                logger.warning("newsletter.ledger_not_written", extra={"count": len(outcomes)})
            else:
                return
