"""Subscribers in each state."""

# mypy: disable-error-code="attr-defined"

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from newsletter.choices import SubscriberState
from newsletter.models import Subscriber


class SubscriberFactory(DjangoModelFactory[Subscriber]):
    """Creates pending subscribers by default."""

    class Meta:
        model = Subscriber

    email = factory.Sequence(lambda number: f"supporter{number}@example.org")
    language = "en"

    class Params:
        confirmed = factory.Trait(
            state=SubscriberState.CONFIRMED, confirmed_at=factory.LazyFunction(timezone.now)
        )
