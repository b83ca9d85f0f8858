"""The secrets in the links of mails.

A token is signed, serves one purpose, and is bound to the address it was sent to. A link to confirm is bound to the
state as well, so it dies when it is used, and after seven days. Links to preferences and to unsubscribe stand in every
issue, so they live as long as the subscriber. A link to stay is bound to the state as a link to confirm is, and until
when it may be followed says the mailing that it came with.
"""

from datetime import timedelta
from enum import StrEnum

from django.core import signing
from django.utils.crypto import constant_time_compare

from coalition_site.core.bot_protection import keyed_hash

from .choices import State
from .models import Subscriber
from .querysets import SubscriberQuerySet

CONFIRM_WITHIN = timedelta(days=7)


class Purpose(StrEnum):
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    STAY = "stay"


class TokenError(Exception):
    """A link that does not work (any more)."""


class TokenUnknownError(TokenError):
    """Not made by this site, or for another purpose, or cut off on its way."""


class TokenExpiredError(TokenError):
    """Made by this site, too long ago."""


class TokenEndedError(TokenError):
    """Used, or its subscriber has changed or is gone. `state` is where the subscriber stands, None when gone."""

    def __init__(self, state: State | None) -> None:
        super().__init__(state)
        self.state = state


def make(subscriber: Subscriber, purpose: Purpose) -> str:
    """The token for a link to `subscriber`'s own page; safe in a path."""
    return _signer(purpose).sign_object([subscriber.key.hex, _binding(subscriber, purpose)])


def read(token: str, purpose: Purpose, *, among: SubscriberQuerySet | None = None) -> Subscriber:
    """The subscriber that a token was made for. Raises TokenUnknownError, TokenExpiredError or TokenEndedError."""
    max_age = CONFIRM_WITHIN if purpose == Purpose.CONFIRM else None
    try:
        key, binding = _signer(purpose).unsign_object(token, max_age=max_age)
    except signing.SignatureExpired:
        raise TokenExpiredError from None
    except signing.BadSignature:
        raise TokenUnknownError from None
    subscriber = (Subscriber.objects.all() if among is None else among).filter(key=key).first()
    if subscriber is None:
        raise TokenEndedError(None)
    if not constant_time_compare(binding, _binding(subscriber, purpose)):
        raise TokenEndedError(State(subscriber.state))
    return subscriber


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"newsletter.{purpose}", sep=".")


def _binding(subscriber: Subscriber, purpose: Purpose) -> str:
    bound_to = [subscriber.email]
    if purpose in {Purpose.CONFIRM, Purpose.STAY}:
        bound_to += [str(subscriber.confirmed_at), str(subscriber.ended_at)]
    return keyed_hash("\n".join(bound_to), purpose=f"newsletter.{purpose}")[:32]
