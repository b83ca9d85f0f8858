"""Writes the people of a list in bulk: new subscribers by PostgreSQL's COPY, or suppressions.

Row by row, 100,000 people would take minutes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection

from core.keyed_hashes import current_key_id
from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, ListKind, SubscriberState, SuppressionReason
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress

from .columns import ListedPerson

INCOMING = """
CREATE TEMPORARY TABLE incoming (
    email text NOT NULL, language text NOT NULL, regions text[] NOT NULL, topics text[] NOT NULL
) ON COMMIT DROP
"""
# Ordered by address, so that two imports cannot deadlock.
ADD = """
INSERT INTO newsletter_subscriber
    (key, email, language, regions, topics, state, signed_up_at, confirmed_at)
SELECT gen_random_uuid(), email, language, regions, topics, %(state)s, %(now)s, %(confirmed_at)s
FROM incoming ORDER BY email
ON CONFLICT DO NOTHING
RETURNING email
"""
RECORD = """
COPY newsletter_consentrecord
    (address_key, event, happened_at, wording_version, wording, choices, page, client_key, hash_key_id)
FROM STDIN
"""


def add_subscribers(
    people: Iterable[ListedPerson], *, state: SubscriberState, now: datetime
) -> set[str]:
    """Add subscribers in `state` as of `now`; return the addresses that were added, and not by another transaction.

    Call it once in a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for person in people:
                preferences = person.preferences
                copy.write_row(
                    (person.email, preferences.language, preferences.regions, preferences.topics)
                )
        confirmed_at = now if state == SubscriberState.CONFIRMED else None
        cursor.execute(ADD, {"state": state.value, "now": now, "confirmed_at": confirmed_at})
        added = {email for (email,) in cursor.fetchall()}
        cursor.execute("DROP TABLE incoming")
    return added


def record_import(
    people: Iterable[ListedPerson], *, consent_source: str, state: SubscriberState, now: datetime
) -> None:
    """Record in the ledger that an import added these people, and in which state."""
    key_id = current_key_id()
    with connection.cursor() as cursor, cursor.copy(RECORD) as copy:
        for person in people:
            choices = json.dumps({**person.preferences.as_choices(), "state": state.value})
            copy.write_row(
                (
                    address_key(person.email),
                    ConsentEvent.IMPORT.value,
                    now,
                    "",
                    consent_source,
                    choices,
                    "",
                    "",
                    key_id,
                )
            )


CHUNK = 5_000
# For each kind of list: the new state of subscribers, the reason of the suppression, and the event in the ledger.
EFFECTS = {
    ListKind.LEFT: (
        SubscriberState.UNSUBSCRIBED,
        SuppressionReason.UNSUBSCRIBED,
        ConsentEvent.UNSUBSCRIPTION,
    ),
    ListKind.BOUNCED: (
        SubscriberState.SUPPRESSED,
        SuppressionReason.BOUNCED,
        ConsentEvent.SUPPRESSION,
    ),
}


def chunks(people: Sequence[ListedPerson]) -> Iterator[Sequence[ListedPerson]]:
    """Yield the people in groups that one statement can take."""
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


def suppress_people(
    people: Sequence[ListedPerson], *, kind: ListKind, source: str, now: datetime
) -> int:
    """End the subscriptions of these people and suppress their addresses; return the number of people.

    Needs a transaction. `source` is where and when they left, for the ledger.
    """
    state, reason, event = EFFECTS[kind]
    for chunk in chunks(people):
        emails = sorted(person.email for person in chunk)
        receiving = Subscriber.objects.with_addresses(emails).filter(
            state__in=[SubscriberState.PENDING, SubscriberState.CONFIRMED]
        )
        receiving.update(state=state, ended_at=now)
        keys = [address_key(email) for email in emails]
        SuppressedAddress.objects.bulk_create(
            [SuppressedAddress(address_key=key, reason=reason, suppressed_at=now) for key in keys],
            ignore_conflicts=True,
        )
        ConsentRecord.objects.bulk_create(
            ConsentRecord(address_key=key, event=event, happened_at=now, wording=source)
            for key in keys
        )
    return len(people)
