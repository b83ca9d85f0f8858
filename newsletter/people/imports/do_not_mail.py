"""Keeps the people of a list from mail: those who left, or whose mail bounced, in another system."""

from collections.abc import Sequence
from datetime import datetime

from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, ListKind, State, SuppressionReason
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress

from .columns import ListedPerson

CHUNK = 5_000
# What a kind of list makes of its people: their state, why, and how the ledger calls it.
OF_KIND = {
    ListKind.LEFT: (
        State.UNSUBSCRIBED,
        SuppressionReason.UNSUBSCRIBED,
        ConsentEvent.UNSUBSCRIPTION,
    ),
    ListKind.BOUNCED: (State.SUPPRESSED, SuppressionReason.BOUNCED, ConsentEvent.SUPPRESSION),
}


def keep_from_mail(
    people: Sequence[ListedPerson], *, kind: ListKind, source: str, now: datetime
) -> int:
    """End the subscriptions of these people, and write to none of their addresses again; return how many they are.

    In a transaction. `source` says in the ledger where and when they left.
    """
    state, reason, event = OF_KIND[kind]
    for start in range(0, len(people), CHUNK):
        emails = sorted(person.email for person in people[start : start + CHUNK])
        receiving = Subscriber.objects.with_addresses(emails).filter(
            state__in=[State.PENDING, State.CONFIRMED]
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
