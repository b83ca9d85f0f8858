"""A mailing by a provider's API, and the events that it causes."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsletter.choices import DeliveryState, MailEventKind, MailingState, SubscriberState
from newsletter.delivery.sending import take_turn
from newsletter.delivery.transitions import prepare
from newsletter.models import Delivery, MailEvent, Mailing, Subscriber
from tests.newsletter.delivery.conftest import add_contents, add_readers

from .conftest import PostEvent
from .factories import sent_mailing
from .payloads import mailgun_event
from .provider_api import Answer, running


def mailing_to_everybody() -> Mailing:
    mailing = sent_mailing()
    Mailing.objects.update(state=MailingState.SENDING, finished_at=None)
    add_contents(mailing)
    prepare(mailing=mailing, subscribers=Subscriber.objects.confirmed())
    return mailing


def variables_of(request: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return by address the variables that the provider merges into each message and returns with events."""
    fields = request["fields"]
    if "recipient-variables" in fields:
        return dict(json.loads(fields["recipient-variables"][0]))
    return {fields["to"][0]: {"v:delivery": fields["v:delivery"][0]}}


def test_a_bounce_is_attributed_to_its_delivery(
    transactional_db: None, post_event: PostEvent, settings: Any
) -> None:
    add_readers(30)
    add_readers(30, language="fr", prefix="lecteur")
    Subscriber.objects.update(confirmed_at=timezone.now() - timedelta(days=1))
    mailing = mailing_to_everybody()
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    settings.NEWSLETTER_CONNECTIONS = 2
    with running() as api:
        api.answers = [Answer(body={"id": "<1@mg.example.org>", "message": "Queued. Thank you."})]
        settings.ANYMAIL |= {"MAILGUN_API_URL": api.address, "MAILGUN_SENDER_DOMAIN": "example.org"}
        assert take_turn(seconds=20) is None
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    variables = {
        address: own for request in api.requests for address, own in variables_of(request).items()
    }
    assert {address: int(own["v:delivery"]) for address, own in variables.items()} == dict(
        Delivery.objects.values_list("subscriber__email", "pk")
    )
    assert sum(len(variables_of(request)) for request in api.requests) == 60
    assert len(api.requests) < 60

    bounce = json.loads(mailgun_event("failed", severity="permanent", reason="bounce"))
    bounce["event-data"]["recipient"] = "lecteur7@example.org"
    bounce["event-data"]["user-variables"] = {
        "delivery": variables["lecteur7@example.org"]["v:delivery"]
    }
    assert post_event(bounce, provider="mailgun").status_code == 200
    left = Subscriber.objects.get(state=SubscriberState.SUPPRESSED)
    assert left.email == "lecteur7@example.org"
    event = MailEvent.objects.get()
    assert (event.kind, event.delivery) == (MailEventKind.HARD_BOUNCE, left.deliveries.get())
