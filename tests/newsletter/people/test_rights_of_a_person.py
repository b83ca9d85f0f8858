"""Deliveries are part of a person's data, and become anonymous when the person is erased."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from newsletter import services
from newsletter.choices import DeliveryState, MailEventKind, MailingKind
from newsletter.models import Delivery, MailEvent, Mailing
from tests.newsletter.factories import SubscriberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    """Create a delivery to Ana that bounced."""
    ana = SubscriberFactory.create(email="ana@example.org", confirmed=True)
    mailing = Mailing.objects.create(
        kind=MailingKind.RECONFIRMATION, subject="Stay?", answer_by=timezone.now().date()
    )
    delivery = Delivery.objects.create(
        mailing=mailing,
        subscriber=ana,
        language="en",
        state=DeliveryState.SENT,
        settled_at=timezone.now(),
    )
    MailEvent.objects.create(
        fingerprint="x",
        kind=MailEventKind.SOFT_BOUNCE,
        happened_at=timezone.now(),
        delivery=delivery,
        subscriber=ana,
    )
    return delivery


def test_the_export_contains_deliveries_and_events(
    delivery: Delivery, capsys: pytest.CaptureFixture[str]
) -> None:
    other = SubscriberFactory.create(confirmed=True)
    Delivery.objects.create(mailing=delivery.mailing, subscriber=other, language="en")
    call_command("subscriber", "export", "Ana@example.org", reason="Asked by mail")
    export = json.loads(capsys.readouterr().out)
    [sent] = export["deliveries"]
    assert (sent["subject"], sent["state"]) == ("Stay?", DeliveryState.SENT)
    assert sent["settled_at"]
    [event] = export["mail_events"]
    assert (event["subject"], event["kind"]) == ("Stay?", MailEventKind.SOFT_BOUNCE)


def test_erasure_keeps_deliveries_anonymous(delivery: Delivery) -> None:
    services.erase_person(email="ana@example.org")
    delivery.refresh_from_db()
    assert delivery.subscriber is None
    assert delivery.state == DeliveryState.SENT
    assert MailEvent.objects.get().subscriber is None
