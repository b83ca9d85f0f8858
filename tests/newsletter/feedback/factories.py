"""Sent issues, and all data that events could change."""

import uuid
from typing import Any

from django.utils import timezone

from newsletter.choices import DeliveryState, MailingState
from newsletter.models import (
    ConsentRecord,
    Delivery,
    MailEvent,
    Mailing,
    Subscriber,
    SuppressedAddress,
)


def sent_mailing() -> Mailing:
    now = timezone.now()
    return Mailing.objects.create(
        issue_key=uuid.uuid4(),
        subject="Issue",
        state=MailingState.SENT,
        started_at=now,
        active_at=now,
        finished_at=now,
    )


def sent_delivery(
    subscriber: Subscriber,
    *,
    mailing: Mailing | None = None,
    state: DeliveryState = DeliveryState.SENT,
    **fields: Any,
) -> Delivery:
    return Delivery.objects.create(
        mailing=mailing or sent_mailing(),
        subscriber=subscriber,
        language=subscriber.language,
        state=state,
        **{"settled_at": timezone.now(), **fields},
    )


def everything_stored() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Subscriber, SuppressedAddress, ConsentRecord, Delivery, MailEvent, Mailing)
    ]
