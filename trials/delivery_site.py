"""Runs commands from standard input inside the site, for the trial of delivery. Answers each with a line of JSON.

`begin NUMBER` creates that many readers and a mailing to them in state `SENDING`. `mailing` returns its state.
`deliveries` returns Message-ID, address and state of each delivery. `settle FILE` marks the deliveries in a provider's
list as sent and sends the uncertain rest again, as staff do in the admin. `suppressed` returns the suppressed
addresses.
"""

import json
import sys
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import django


def begin(number: str) -> int:
    from django.db import transaction  # noqa: PLC0415 - needs django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from newsletter.choices import MailingState, SubscriberState  # noqa: PLC0415
    from newsletter.delivery.sending import queue_senders  # noqa: PLC0415
    from newsletter.delivery.transitions import prepare  # noqa: PLC0415
    from newsletter.models import Mailing, MailingContent, Subscriber  # noqa: PLC0415

    now = timezone.now()
    Subscriber.objects.all().delete()
    Subscriber.objects.bulk_create(
        Subscriber(email=address, language="en", state=SubscriberState.CONFIRMED, confirmed_at=now)
        for address in addresses(int(number))
    )
    with transaction.atomic():
        mailing = Mailing.objects.create(
            issue_key=uuid.uuid4(),
            subject="News of justice",
            state=MailingState.SENDING,
            started_at=now,
            active_at=now,
        )
        MailingContent.objects.create(
            mailing=mailing,
            language="en",
            subject="News of justice",
            html='<p>What is new</p><a href="%%UNSUBSCRIBE%%">Unsubscribe</a>',
            text="What is new\n\n%%UNSUBSCRIBE%%\n",
        )
        count = prepare(mailing=mailing, subscribers=Subscriber.objects.confirmed())
        queue_senders()
    return count


def mailing() -> dict[str, Any]:
    from newsletter.models import Delivery, Mailing  # noqa: PLC0415

    found = Mailing.objects.latest("pk")
    return {
        "state": found.state,
        "why": f"{found.pause_reason} {found.pause_details}".strip(),
        "unsettled": Delivery.objects.filter(mailing=found).unsettled().count(),
    }


def deliveries() -> list[tuple[str, str, str]]:
    from newsletter.models import Delivery, Mailing  # noqa: PLC0415

    found = Delivery.objects.filter(mailing=Mailing.objects.latest("pk"))
    return [
        (delivery.message_id, str(delivery.subscriber), delivery.state)
        for delivery in found.select_related("subscriber")
    ]


def settle(path: str) -> dict[str, int]:
    from pathlib import Path  # noqa: PLC0415

    from newsletter.mailings.services import resend_uncertain, settle_by_list  # noqa: PLC0415
    from newsletter.models import Mailing  # noqa: PLC0415

    pk = Mailing.objects.latest("pk").pk
    taken = settle_by_list(mailing_id=pk, content=Path(path).read_text())
    return {"taken": taken, "sent_again": resend_uncertain(mailing_id=pk)}


def suppressed() -> list[str]:
    from newsletter.choices import SubscriberState  # noqa: PLC0415
    from newsletter.models import Subscriber  # noqa: PLC0415

    return list(
        Subscriber.objects.filter(state=SubscriberState.SUPPRESSED).values_list("email", flat=True)
    )


def addresses(number: int) -> list[str]:
    """Return the addresses of the readers."""
    return [f"reader{count}@example.org" for count in range(number)]


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "begin": begin,
    "mailing": mailing,
    "deliveries": deliveries,
    "settle": settle,
    "suppressed": suppressed,
}

if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        name, *arguments = line.split()
        print(json.dumps(COMMANDS[name](*arguments)), flush=True)  # noqa: T201
