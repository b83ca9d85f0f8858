"""Suppress the addresses of a list: people who left another system, or whose mail bounced there."""

from collections.abc import Sequence
from datetime import datetime

from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, ListKind, SubscriberState, SuppressionReason
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress

from .columns import ListedPerson

CHUNK = 5_000
# The state of the subscribers of each kind of list, the reason for the suppression, and the event in the ledger.
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


def keep_from_mail(
    people: Sequence[ListedPerson], *, kind: ListKind, source: str, now: datetime
) -> int:
    """End the subscriptions of these people and suppress their addresses; return how many they are.

    Call it in a transaction. `source` is kept in the ledger: where and when they left.
    """
    state, reason, event = EFFECTS[kind]
    for start in range(0, len(people), CHUNK):
        emails = sorted(person.email for person in people[start : start + CHUNK])
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
