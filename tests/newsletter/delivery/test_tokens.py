"""Tokens: made fast, and equal to those of Django's signer."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from core.keyed_hashes import keyed_hash
from newsletter.models import Subscriber
from newsletter.tokens import Purpose, TokenUnknownError, make, read
from tests.newsletter.factories import SubscriberFactory

MOMENT = 1_795_000_000.5


def signed_by_django(subscriber: Subscriber, purpose: Purpose) -> str:
    bound_to = [subscriber.email]
    if purpose == Purpose.CONFIRM:
        bound_to += [str(subscriber.confirmed_at), str(subscriber.ended_at)]
    binding = keyed_hash("\n".join(bound_to), purpose=f"newsletter.{purpose}")[:32]
    signer = signing.TimestampSigner(salt=f"newsletter.{purpose}", sep=".")
    return signer.sign_object([subscriber.key.hex, binding])


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
@given(
    key=st.uuids(),
    email=st.one_of(st.emails(), st.text(max_size=60)),
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_token_equals_that_of_djangos_signer(
    purpose: Purpose, key: UUID, email: str, moment: datetime | None
) -> None:
    subscriber = Subscriber(key=key, email=email, confirmed_at=moment, ended_at=moment)
    with patch("time.time", return_value=MOMENT):
        assert make(subscriber, purpose) == signed_by_django(subscriber, purpose)


def test_another_secret_makes_another_token(settings: Any) -> None:
    subscriber = Subscriber(email="supporter@example.org")
    with patch("time.time", return_value=MOMENT):
        for setting in ("SECRET_KEY", "HASH_KEY", "SECRET_KEY"):
            setattr(settings, setting, f"another {setting}{len(settings.SECRET_KEY)}")
            token = make(subscriber, Purpose.UNSUBSCRIBE)
            assert token == signed_by_django(subscriber, Purpose.UNSUBSCRIBE)


def test_token_serves_its_own_purpose_only(db: None) -> None:
    subscriber = SubscriberFactory.create(confirmed=True)
    token = make(subscriber, Purpose.PREFERENCES)
    assert read(token, Purpose.PREFERENCES) == subscriber
    with pytest.raises(TokenUnknownError):
        read(token, Purpose.UNSUBSCRIBE)
