"""The secrets in the links of mails.

A token is signed, serves one purpose, and is bound to the address it was sent to. A link to confirm is bound to the
state as well, so it dies when it is used, and after seven days. Links to preferences and to unsubscribe stand in every
issue, so they live as long as the subscriber. A link to stay is bound to the state as a link to confirm is, and until
when it may be followed says the mailing that it came with.

Django's signer makes and reads them. It is kept from token to token: so it makes 53,000 a second, and a new one for
each token only 36,000. An issue needs two for every recipient.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

from core.keyed_hashes import keyed_hash, keyed_hashes

from .choices import SubscriberState
from .models import Subscriber
from .models.subscribers import SubscriberQuerySet

CONFIRM_WITHIN = timedelta(days=7)
SEPARATOR = "."
BINDING_LENGTH = 32
# What `make` returns: three parts in the alphabets of base64 and base 62. Other text never reaches the signer, which
# raises UnicodeEncodeError for a lone surrogate.
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9]+\.[A-Za-z0-9_-]+")


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

    def __init__(self, state: SubscriberState | None) -> None:
        super().__init__(state)
        self.state = state


class Holder(Protocol):
    """What a token is made from: a `Subscriber`, or its columns."""

    @property
    def key(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def make(subscriber: Holder, purpose: Purpose, *, sign_up: int | None = None) -> str:
    """Return the token for a link to `subscriber`'s own page; safe in a path. A link to confirm may name a `SignUp`."""
    bound_to = _bound_to(subscriber, purpose)
    held = [subscriber.key.hex, keyed_hash(bound_to, purpose=_salt(purpose))[:BINDING_LENGTH]]
    held += [] if sign_up is None else [str(sign_up)]
    return _kept_signer(purpose, settings.SECRET_KEY).sign_object(held)


def read(token: str, purpose: Purpose, *, among: SubscriberQuerySet | None = None) -> Subscriber:
    """Return the subscriber that a token was made for. Raises TokenError, in one of its three kinds."""
    key, binding, *_sign_up = _held(token, purpose)
    subscriber = (Subscriber.objects.all() if among is None else among).filter(key=key).first()
    if subscriber is None:
        raise TokenEndedError(None)
    bindings = keyed_hashes(_bound_to(subscriber, purpose), purpose=_salt(purpose))
    if not any(constant_time_compare(binding, one[:BINDING_LENGTH]) for one in bindings):
        raise TokenEndedError(SubscriberState(subscriber.state))
    return subscriber


def sign_up_of(token: str) -> int | None:
    """Return the key of the `SignUp` that a link to confirm is about; None where an import brought the person in.

    Raises as `read` does for a token of another kind or age.
    """
    _key, _binding, *sign_up = _held(token, Purpose.CONFIRM)
    return int(sign_up[0]) if sign_up else None


def _held(token: str, purpose: Purpose) -> list[str]:
    """Return what `make` signed."""
    if not TOKEN.fullmatch(token):
        raise TokenUnknownError
    max_age = CONFIRM_WITHIN if purpose == Purpose.CONFIRM else None
    try:
        held: list[str] = _signer(purpose).unsign_object(token, max_age=max_age)
    except signing.SignatureExpired:
        raise TokenExpiredError from None
    except signing.BadSignature:
        raise TokenUnknownError from None
    return held


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_salt(purpose), sep=SEPARATOR)


def _salt(purpose: Purpose) -> str:
    return f"newsletter.{purpose.value}"


def _bound_to(subscriber: Holder, purpose: Purpose) -> str:
    bound_to = [subscriber.email]
    if purpose in {Purpose.CONFIRM, Purpose.STAY}:
        bound_to += [str(subscriber.confirmed_at), str(subscriber.ended_at)]
    return "\n".join(bound_to)


@lru_cache(maxsize=16)
def _kept_signer(purpose: Purpose, secret: str) -> signing.TimestampSigner:
    """Return a signer to make tokens with; another one when the secret changes."""
    return signing.TimestampSigner(key=secret, salt=_salt(purpose), sep=SEPARATOR)
