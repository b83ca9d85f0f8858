"""Write many people at once with PostgreSQL's COPY: row by row, 100,000 would take minutes."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from core.keyed_hashes import current_key_id
from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, SubscriberState

from .columns import ListedPerson

INCOMING = """
CREATE TEMPORARY TABLE incoming (
    email text NOT NULL, language text NOT NULL, regions text[] NOT NULL, topics text[] NOT NULL
) ON COMMIT DROP
"""
# In the order of addresses, so that two imports cannot deadlock.
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
    """Add them as subscribers in `state` since `now`; return the addresses of those whom no other writer added first.

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
    """Record in the ledger that an import added them, and in which state."""
    key_id = current_key_id()
    with connection.cursor() as cursor, cursor.copy(RECORD) as copy:
        for person in people:
            choices = json.dumps({**person.preferences.chosen(), "state": state.value})
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
