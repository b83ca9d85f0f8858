"""Finds out what became of uncertain mails, from what the mail provider knows."""

import logging
import re
from collections.abc import Collection

from django.db import transaction

from newsletter.choices import DeliveryState
from newsletter.models import Delivery
from newsletter.models.mailings import message_id_of

logger = logging.getLogger(__name__)

_MESSAGE_ID = re.compile(r"[0-9]{1,18}\.[0-9]{1,18}\.issue@[^\s<>\"',;]+")
_ADDRESS = re.compile(r"[^\s<>\"',;:=()\[\]]+@[^\s<>\"',;()\[\]]+")


@transaction.atomic
def mark_arrived(*, mailing_id: int, delivery_ids: Collection[int]) -> int:
    """Write that uncertain mails went out, as a person knows from elsewhere; give how many there were."""
    uncertain = Delivery.objects.filter(mailing=mailing_id, pk__in=delivery_ids).uncertain()
    count = uncertain.update(state=DeliveryState.SENT, claim=None)
    logger.info("mailing.settled", extra={"mailing": mailing_id, "count": count})
    return count


def settle_by_list(*, mailing_id: int, content: str) -> int:
    """Mark the uncertain mails of a mailing as sent that a provider's list names; give how many.

    `content` is any text that lists what the provider took, such as a CSV export of its log, whatever its columns. Our
    Message-IDs name a mail exactly. Where the list has none of them, recipients' addresses have to do.
    """
    uncertain = Delivery.objects.filter(mailing=mailing_id, subscriber__isnull=False).uncertain()
    rows = list(uncertain.values_list("pk", "subscriber__email"))
    named = set(_MESSAGE_ID.findall(content))
    if any(name.startswith(f"{mailing_id}.") for name in named):
        taken = [pk for pk, _email in rows if message_id_of(mailing_id, pk).strip("<>") in named]
    else:
        addresses = {address.lower() for address in _ADDRESS.findall(content)}
        taken = [pk for pk, email in rows if email.lower() in addresses]
    return mark_arrived(mailing_id=mailing_id, delivery_ids=taken)
