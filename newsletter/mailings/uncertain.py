"""Settles uncertain deliveries by what the mail provider knows."""

import logging
import re
from collections.abc import Collection

from django.db import transaction

from newsletter.delivery import transitions
from newsletter.message_ids import MESSAGE_ID, deliveries_named
from newsletter.models import Delivery

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"[^\s<>\"',;:=()\[\]]+@[^\s<>\"',;()\[\]]+")


@transaction.atomic
def mark_arrived(*, mailing_id: int, delivery_ids: Collection[int]) -> int:
    """Record that uncertain messages went out, as a person knows from elsewhere; return how many there were."""
    count = transitions.mark_sent(mailing_id=mailing_id, delivery_ids=delivery_ids)
    logger.info("mailing.settled", extra={"mailing": mailing_id, "count": count})
    return count


def settle_by_list(*, mailing_id: int, content: str) -> int:
    """Mark the uncertain deliveries that a provider's list names as sent; return how many.

    `content` is any text that lists what the provider accepted, such as a CSV export of its log, whatever its columns.
    Our Message-IDs name a delivery exactly. Where the list has none of them, recipients' addresses have to do.
    """
    uncertain = Delivery.objects.filter(mailing=mailing_id, subscriber__isnull=False).uncertain()
    rows = list(uncertain.values_list("pk", "subscriber__email"))
    mentions = {mention[0] for mention in MESSAGE_ID.finditer(content)}
    named = {name for mention in mentions for name in deliveries_named(mention)}
    if any(mailing == mailing_id for mailing, _delivery in named):
        taken = [pk for pk, _email in rows if (mailing_id, pk) in named]
    else:
        addresses = {address.lower() for address in _ADDRESS.findall(content)}
        taken = [pk for pk, email in rows if email.lower() in addresses]
    return mark_arrived(mailing_id=mailing_id, delivery_ids=taken)
