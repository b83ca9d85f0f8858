"""What is written of deliveries. Whole batches, a statement each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from newsletter.choices import DeliveryState, State
from newsletter.models import Delivery, Mailing
from newsletter.querysets import SubscriberQuerySet

from .claims import Claim

PREPARE = """
    INSERT INTO newsletter_delivery (mailing_id, subscriber_id, language)
    SELECT %s, chosen.id, chosen.language FROM ({chosen}) AS chosen ORDER BY chosen.id
    ON CONFLICT DO NOTHING
"""

# Whoever left since the mailing was prepared is skipped.
CLAIM = """
    WITH batch AS (
        SELECT id, subscriber_id FROM newsletter_delivery
        WHERE mailing_id = %(mailing)s AND state = 'waiting' AND id > %(after)s
            AND (not_before IS NULL OR not_before <= now())
        ORDER BY id LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE newsletter_delivery AS delivery SET
        state = CASE WHEN reader.id IS NULL THEN 'skipped' ELSE 'handed_over' END,
        claim = CASE WHEN reader.id IS NOT NULL THEN %(claim)s END,
        settled_at = CASE WHEN reader.id IS NULL THEN now() END,
        not_before = NULL
    FROM batch
    LEFT JOIN newsletter_subscriber AS reader ON reader.id = batch.subscriber_id AND reader.state = %(confirmed)s
    WHERE delivery.id = batch.id
    RETURNING delivery.id, delivery.language, delivery.attempts,
        reader.key, reader.email, reader.confirmed_at, reader.ended_at
"""

# A row may have been taken for uncertain while its worker lived: its word still counts.
RECORD_SENT = """
    UPDATE newsletter_delivery SET
        state = 'sent', settled_at = clock_timestamp(), claim = NULL, attempts = attempts + 1, error = ''
    WHERE id = ANY(%s) AND claim = %s AND state IN ('handed_over', 'uncertain')
"""
RECORD_OTHERS = """
    UPDATE newsletter_delivery AS delivery SET
        state = told.state, error = told.error, attempts = told.attempts, claim = NULL,
        not_before = clock_timestamp() + told.wait,
        settled_at = CASE WHEN told.state <> 'waiting' THEN clock_timestamp() END,
        bounced_at = CASE WHEN told.has_bounced THEN clock_timestamp() ELSE delivery.bounced_at END
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::smallint[], %s::interval[], %s::boolean[])
        AS told (id, state, error, attempts, wait, has_bounced)
    WHERE delivery.id = told.id AND delivery.claim = %s AND delivery.state IN ('handed_over', 'uncertain')
"""

LOCKS = """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
RECOVER = f"""
    UPDATE newsletter_delivery SET state = 'uncertain', settled_at = clock_timestamp()
    WHERE state = 'handed_over' AND claim <> ALL (ARRAY({LOCKS}))
"""  # noqa: S608 - nothing from outside

OUTLOOK = """
    SELECT
        count(*) FILTER (WHERE state = 'handed_over'),
        extract(epoch FROM min(coalesce(not_before, now())) FILTER (WHERE state = 'waiting') - now())
    FROM newsletter_delivery WHERE mailing_id = %s AND state IN ('waiting', 'handed_over')
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that was claimed, with what its letter needs of the reader."""

    delivery_id: int
    language: str
    attempts: int
    key: UUID
    email: str
    confirmed_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be written of a claimed delivery.

    `attempts` are all so far; `wait` is for what stays waiting; `has_bounced` says that there is no such mailbox.
    """

    delivery_id: int
    state: DeliveryState
    attempts: int
    error: str = ""
    wait: timedelta | None = None
    has_bounced: bool = False


@dataclass(frozen=True)
class Outlook:
    """What is left of a mailing: how many are handed over, and in how many seconds the next may be claimed.

    `seconds` is 0 or less where one may be now, and None where none is waiting.
    """

    handed_over: int
    seconds: float | None


def prepare(*, mailing: Mailing, subscribers: SubscriberQuerySet) -> int:
    """Make the delivery of each subscriber that has none yet, in one statement; give how many."""
    chosen, values = subscribers.order_by().values("id", "language").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(PREPARE.format(chosen=chosen), [mailing.pk, *values])
        return int(cursor.rowcount)


def figures(mailing_id: int) -> dict[DeliveryState, int]:
    """How many deliveries of a mailing are in each state, in one query."""
    counted = Delivery.objects.filter(mailing=mailing_id).order_by()
    rows = counted.values_list("state").annotate(number=Count("pk"))
    return dict.fromkeys(DeliveryState, 0) | {DeliveryState(state): n for state, n in rows}


def claim(*, mailing_id: int, claim: Claim, limit: int, after: int = 0) -> list[Claimed]:
    """Mark the next deliveries as handed over, the oldest first, and give them. For the caller's transaction.

    `after` is the id of a delivery after which is looked. None come when none is waiting: who left meanwhile is
    skipped.
    """
    values: dict[str, int | str] = {
        "mailing": mailing_id,
        "claim": claim.number,
        "limit": limit,
        "after": after,
        "confirmed": State.CONFIRMED,
    }
    while True:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, values)
            rows: list[Any] = cursor.fetchall()
        claimed = [Claimed(*row) for row in rows if row[3] is not None]
        if claimed or not rows:
            return sorted(claimed, key=attrgetter("delivery_id"))


def record(settlements: Iterable[Settlement], claim: Claim) -> None:
    """Write what became of deliveries that this claim holds. For the caller's transaction."""
    sent, others = list[int](), list[Settlement]()
    for one in settlements:
        if one.state == DeliveryState.SENT:
            sent.append(one.delivery_id)
        else:
            others.append(one)
    with connection.cursor() as cursor:
        if sent:
            cursor.execute(RECORD_SENT, [sent, claim.number])
        if others:
            cursor.execute(RECORD_OTHERS, [*_columns(others), claim.number])


def recover() -> int:
    """Mark as uncertain what workers held that have died; give how many."""
    with connection.cursor() as cursor:
        cursor.execute(RECOVER)
        return int(cursor.rowcount)


def outlook(mailing_id: int) -> Outlook:
    """What is left to be done of a mailing."""
    with connection.cursor() as cursor:
        cursor.execute(OUTLOOK, [mailing_id])
        handed_over, seconds = cursor.fetchone()
    return Outlook(handed_over, None if seconds is None else float(seconds))


def _columns(settlements: Sequence[Settlement]) -> list[list[Any]]:
    return [
        [one.delivery_id for one in settlements],
        [one.state.value for one in settlements],
        [one.error[:80] for one in settlements],
        [one.attempts for one in settlements],
        [one.wait for one in settlements],
        [one.has_bounced for one in settlements],
    ]
