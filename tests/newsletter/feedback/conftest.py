"""Fixtures: a site with Postmark's webhook, and a subscriber who got an issue."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from newsletter.choices import DeliveryState
from newsletter.models import Delivery, Subscriber
from tests.newsletter.factories import SubscriberFactory

from .factories import sent_delivery
from .payloads import ADDRESS

SECRET = "site:a-long-random-password"

PostEvent = Callable[..., Any]


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    settings.MAIL_WEBHOOKS_FROM = "postmark"
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": [SECRET],
        "MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key",
        "MAILGUN_API_KEY": "api-key",
    }


@pytest.fixture
def reader() -> Subscriber:
    """Create a subscriber confirmed a month ago."""
    return SubscriberFactory.create(
        email=ADDRESS, confirmed=True, confirmed_at=timezone.now() - timedelta(days=30)
    )


@pytest.fixture
def delivery(reader: Subscriber) -> Delivery:
    return sent_delivery(reader, state=DeliveryState.SENT)


@pytest.fixture
def post_event(client: Client, settings: Any) -> PostEvent:
    """Post as a provider does, from another origin and without cookies; return the response."""

    def post(payload: Any, *, provider: str = "", secret: str = SECRET, **headers: str) -> Any:
        if provider:
            settings.MAIL_WEBHOOKS_FROM = provider
        return Client(enforce_csrf_checks=True).post(
            f"/webhooks/mail/{settings.MAIL_WEBHOOKS_FROM}/tracking/",
            payload,
            content_type="application/json",
            headers={"Authorization": basic(secret), **headers},
        )

    return post
