"""Sends mailings: sender jobs, their turns of 20 seconds, and the batches of a turn.

The outcomes of one batch are written in the transaction that claims the next. A batch is about half a second of mail,
since all deliveries that a worker has claimed become uncertain if it is killed.
"""

import logging
import sys
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from core.jobs import defer_once
from newsletter.choices import MailingState, PauseReason
from newsletter.models import Mailing

from . import transitions
from .messages import MessageError, MessageWriter
from .outcomes import (
    AddressRefused,
    Errors,
    Outcome,
    PermanentFailure,
    Refusals,
    ServerUnavailable,
    Settlement,
    cancel_if_waiting,
    follow_up,
    pause_after,
    put_back,
    settle,
)
from .transitions import Claim, ClaimLostError, held_claim
from .transports import QueuedMessage, TransportPool, make_transport

logger = logging.getLogger(__name__)

SEND = "newsletter.send"
# Mails to one person and periodic jobs run first.
PRIORITY = -10
TURN_SECONDS = 20.0
# A job returns at least this often, so that a mailing waiting for a late retry does not count as interrupted.
LONGEST_REST = 600.0  # seconds
REST_FOR_OTHERS = 5.0  # seconds, while another worker sends the last messages
REST_AFTER_ERROR = 10.0  # seconds

BATCH_SECONDS = 0.5
LARGEST_BATCH = 400
ROUND = 0.25  # seconds after which outcomes are written at the latest
# Seconds to wait before each attempt to write outcomes again after a database error.
RETRIES = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0]

# A job that is scheduled for a late retry must not delay a new mailing.
WAKE = """
    UPDATE procrastinate_jobs SET scheduled_at = NULL
    WHERE status = 'todo' AND queueing_lock = %s AND scheduled_at > now()
"""

Outcomes = Sequence[tuple[QueuedMessage, Outcome]]


def queue_senders() -> None:
    """Queue one sender job for each of `NEWSLETTER_SENDERS`, to start at once. Idempotent."""
    for number in range(settings.NEWSLETTER_SENDERS):
        if not _queue(number):
            with connection.cursor() as cursor:
                cursor.execute(WAKE, [_lock(number)])


@app.task(name=SEND, queue="newsletter", priority=PRIORITY, pass_context=True)
def send(context: JobContext, *, sender: int) -> None:
    """Take one turn, then queue the next of the same sender, also after an error."""
    try:
        rest = take_turn(seconds=TURN_SECONDS, is_stopping=context.should_abort)
    except Exception:
        connection.close()  # It may be the cause.
        _queue(sender, rest=REST_AFTER_ERROR)
        raise
    if rest is None:
        return
    if rest == 0:
        _queue(sender)
    elif sender == 0:  # One job is enough to return later.
        _queue(sender, rest=rest)


def _queue(sender: int, *, rest: float = 0) -> bool:
    """Queue a turn of a sender, `rest` seconds from now. Return False if one was queued already."""
    return defer_once(SEND, lock=_lock(sender), key=_lock(sender), wait=rest, sender=sender)


def _lock(sender: int) -> str:
    return f"newsletter.sender.{sender}"


def take_turn(*, seconds: float, is_stopping: Callable[[], bool] = lambda: False) -> float | None:
    """Send for at most that many seconds, the oldest mailing first.

    Return in how many seconds the next turn is due; None if no mailing is being sent.
    """
    transitions.recover()
    transitions.keep_watch()
    ends = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() >= ends or is_stopping()

    sending = list(
        Mailing.objects.sending().order_by("started_at", "pk").values_list("pk", flat=True)
    )
    if not sending:
        return None
    with (
        held_claim() as claim,
        TransportPool(make_transport, connections=settings.NEWSLETTER_CONNECTIONS) as pool,
    ):
        rests = [_send_mailing(mailing_id, claim, pool, is_over) for mailing_id in sending]
    return min((rest for rest in rests if rest is not None), default=None)


def _send_mailing(
    mailing_id: int, claim: Claim, pool: TransportPool, is_over: Callable[[], bool]
) -> float | None:
    """Send one mailing; return in how many seconds its next turn is due, None if it has ended or stopped."""
    unavailable = False
    if not is_over():
        sender = MailingSender(mailing_id, claim, pool, is_over)
        sender.run()
        unavailable = sender.server_is_unavailable
    rest = _rest(mailing_id)
    if rest is not None and unavailable:
        errors = Mailing.objects.values_list("errors_in_a_row", flat=True).get(pk=mailing_id)
        return max(rest, pause_after(errors))
    return rest


def _rest(mailing_id: int) -> float | None:
    if not Mailing.objects.sending().filter(pk=mailing_id).exists():
        return None
    left = transitions.outlook(mailing_id)
    if left.seconds is not None:
        return min(max(left.seconds, 0.0), LONGEST_REST)
    if left.handed_over and transitions.recover() < left.handed_over:
        return REST_FOR_OTHERS
    return None if transitions.finish(mailing_id=mailing_id) else REST_FOR_OTHERS


class MailingSender:
    """Sends one mailing in batches, until no delivery is waiting or `is_over` returns True."""

    def __init__(
        self, mailing_id: int, claim: Claim, pool: TransportPool, is_over: Callable[[], bool]
    ) -> None:
        self.server_is_unavailable = False
        self._mailing_id = mailing_id
        self._claim = claim
        self._pool = pool
        self._is_over = is_over
        self._writer = MessageWriter(mailing_id)
        self._after = 0
        self._least = 1 if _rate() else 2 * pool.connections
        self._window = self._least
        self._unwritten: list[Settlement] = []
        self._clock_is_busy = False
        self._is_stopping = False
        self._has_lost_claim = False

    def run(self) -> None:
        """Send. An exception of a transport or the database is raised after all outcomes were written."""
        self._pool.forget_unavailability()
        self._round([], [])
        began = time.monotonic()
        while self._pool.outstanding or (self._clock_is_busy and not self._is_stopping):
            self._pool.wait(until_below=self._window // 2 + 1, seconds=ROUND)
            if self._clock_is_busy and not self._pool.outstanding:
                time.sleep(ROUND)
            outcomes = self._pool.collect()
            self._fit_window(len(outcomes), time.monotonic() - began)
            began = time.monotonic()
            self._is_stopping = self._is_stopping or self._has_to_stop()
            returned = self._pool.take_back() if self._is_stopping else []
            if outcomes or returned or self._clock_is_busy:
                self._round(outcomes, returned)
        if self._unwritten:
            self._round([], [])
        if self._pool.error:
            raise self._pool.error
        if self._has_lost_claim:
            raise ClaimLostError

    def _has_to_stop(self) -> bool:
        return self._is_over() or self.server_is_unavailable or self._pool.error is not None

    def _fit_window(self, messages: int, seconds: float) -> None:
        """Set the number of messages in flight to half a second's worth, at most doubling it each round."""
        if _rate():
            self._window = max(self._least, int(_rate() * BATCH_SECONDS))
        elif messages:
            fitting = int(messages / max(seconds, 0.001) * BATCH_SECONDS)
            largest = min(2 * self._window, LARGEST_BATCH)
            self._window = max(self._least, min(fitting, largest))

    def _round(self, outcomes: Outcomes, returned: Sequence[QueuedMessage]) -> None:
        try:
            with transaction.atomic():
                locked = transitions.lock_state(self._mailing_id)
                self._record(outcomes, returned, locked)
                self._judge(locked, outcomes)
                claimed, wait = self._claim_next()
        except (OperationalError, InterfaceError):
            self._rescue([*outcomes], [*returned])
            raise
        self._unwritten = []
        self._submit(claimed, wait)

    def _submit(self, claimed: Sequence[transitions.ClaimedDelivery], wait: float) -> None:
        start, interval = time.monotonic() + wait, 1 / _rate() if _rate() else 0.0
        messages = []
        for number, one in enumerate(claimed):
            try:
                message = self._writer.message_to(one.email, one)
            except MessageError as error:
                failure = PermanentFailure(type(error).__name__)
                outcome = settle(one.delivery_id, attempts=one.attempts, outcome=failure)
                self._unwritten.append(outcome)
            else:
                messages.append(QueuedMessage(message, one.attempts, start + number * interval))
        self._pool.submit(messages)

    def _record(
        self, outcomes: Outcomes, returned: Sequence[QueuedMessage], locked: transitions.LockedState
    ) -> None:
        settlements = [
            settle(one.message.delivery_id, attempts=one.attempts, outcome=outcome)
            for one, outcome in outcomes
        ]
        settlements += [
            put_back(one.message.delivery_id, attempts=one.attempts) for one in returned
        ]
        settlements += self._unwritten
        if locked.state == MailingState.CANCELLED:
            settlements = [cancel_if_waiting(settlement) for settlement in settlements]
        transitions.record(settlements, self._claim)

    def _judge(self, locked: transitions.LockedState, outcomes: Outcomes) -> None:
        """Decide whether to stop: the claim was lost, staff stopped the mailing, or there were too many errors."""
        errors = Errors.among(
            (outcome for _, outcome in outcomes), is_known_unavailable=self.server_is_unavailable
        )
        if any(isinstance(outcome, ServerUnavailable) for _, outcome in outcomes):
            self.server_is_unavailable = True
        self._has_lost_claim = locked.backend != self._claim.backend
        in_a_row = errors.failures + (0 if errors.succeeded else locked.errors_in_a_row)
        if in_a_row != locked.errors_in_a_row:
            transitions.count_errors(self._mailing_id, in_a_row)
        failed = in_a_row >= settings.NEWSLETTER_MAX_ERRORS
        details = errors.last
        refused = [outcome for _, outcome in outcomes if isinstance(outcome, AddressRefused)]
        if refused:
            follow_up(self._mailing_id)
            if Refusals.of(self._mailing_id).need_a_person:
                failed, details = True, refused[-1].error
        if failed and locked.state == MailingState.SENDING:
            transitions.pause(
                mailing_id=self._mailing_id, reason=PauseReason.ERRORS, details=details
            )
        if failed or self._has_lost_claim or locked.state != MailingState.SENDING:
            self._is_stopping = True

    def _claim_next(self) -> tuple[list[transitions.ClaimedDelivery], float]:
        """Return the next batch, and in how many seconds its first message may be sent."""
        self._clock_is_busy = False
        if self._is_stopping or self.server_is_unavailable:
            return [], 0.0
        return self._claim_at_the_rate()

    def _claim_at_the_rate(self) -> tuple[list[transitions.ClaimedDelivery], float]:
        wait = _seconds_until_free()
        limit = min(self._window - self._pool.outstanding, _most_to_reserve(wait))
        if limit <= 0:
            self._clock_is_busy = self._pool.outstanding == 0
            return [], 0.0
        claimed = self._claim_after(limit)
        _reserve(len(claimed))
        return claimed, wait

    def _claim_after(self, limit: int) -> list[transitions.ClaimedDelivery]:
        """Claim above the last id first: below it, the index still has entries of deliveries just claimed."""
        claimed = transitions.claim(
            mailing_id=self._mailing_id, claim=self._claim, limit=limit, after=self._after
        )
        if not claimed and self._after:
            claimed = transitions.claim(mailing_id=self._mailing_id, claim=self._claim, limit=limit)
        if claimed:
            self._after = claimed[-1].delivery_id
        return claimed

    def _rescue(
        self, outcomes: list[tuple[QueuedMessage, Outcome]], returned: list[QueuedMessage]
    ) -> None:
        """Write outcomes over a new connection. The claim's number identifies the rows, with or without its lock."""
        returned += self._pool.take_back()
        while self._pool.outstanding:
            self._pool.wait(until_below=1, seconds=ROUND)
            outcomes += self._pool.collect()
        for wait in RETRIES:
            time.sleep(wait)
            connection.close()
            try:
                with transaction.atomic():
                    self._record(outcomes, returned, transitions.lock_state(self._mailing_id))
            except (OperationalError, InterfaceError):
                logger.warning("newsletter.ledger_not_written", extra={"count": len(outcomes)})
            else:
                return


# The provider's rate limit, shared by all workers: each reserves sending time for its messages.

# The limit for reserving time in advance. Deliveries claimed early would become uncertain if their worker died.
LONGEST_QUEUE = 1.0  # seconds

START_CLOCK = """
    INSERT INTO newsletter_sendingclock (id, free_at) VALUES (1, clock_timestamp()) ON CONFLICT DO NOTHING
"""
READ_CLOCK = """
    SELECT extract(epoch FROM free_at - clock_timestamp()) FROM newsletter_sendingclock WHERE id = 1 FOR UPDATE
"""
RESERVE_CLOCK = """
    UPDATE newsletter_sendingclock
    SET free_at = greatest(free_at, clock_timestamp()) + make_interval(secs => %s) WHERE id = 1
"""


def _rate() -> float:
    """Return the limit in messages a second over all workers; 0 for no limit."""
    return max(0.0, float(settings.NEWSLETTER_RATE))


def _seconds_until_free() -> float:
    """Lock the clock until the transaction ends; return in how many seconds it is free, 0 without a limit."""
    if not _rate():
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(START_CLOCK)
        cursor.execute(READ_CLOCK)
        return max(0.0, float(cursor.fetchone()[0]))


def _reserve(messages: int) -> None:
    """Reserve the time of that many messages, in the transaction that locked the clock."""
    if _rate() and messages:
        with connection.cursor() as cursor:
            cursor.execute(RESERVE_CLOCK, [messages / _rate()])


def _most_to_reserve(wait: float) -> int:
    """Return how many messages may be claimed if the clock is free in `wait` seconds; at least one at a low rate."""
    if not _rate():
        return sys.maxsize
    if wait > LONGEST_QUEUE:
        return 0
    return max(1, int((LONGEST_QUEUE - wait) * _rate()))
