"""The secrets in the links of mails.

A token is signed, serves one purpose, and is bound to the address it was sent to. A link to confirm is bound to the
state as well, so it dies when it is used, and after seven days. Links to preferences and to unsubscribe stand in every
issue, so they live as long as the subscriber. A link to stay is bound to the state as a link to confirm is, and until
when it may be followed says the mailing that it came with.
"""

import hashlib
import hmac
import json
import re
import time
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes

from core.keyed_hashes import hash_keys

from .choices import State
from .models import Subscriber
from .querysets import SubscriberQuerySet

CONFIRM_WITHIN = timedelta(days=7)
SEPARATOR = "."
# What `make` gives: three parts in the alphabets of base64 and base 62. Other text never reaches the signer, which
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

    def __init__(self, state: State | None) -> None:
        super().__init__(state)
        self.state = state


class Holder(Protocol):
    """What a token is made from: a `Subscriber`, or the columns of one."""

    @property
    def key(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def make(subscriber: Holder, purpose: Purpose, *, sign_up: int | None = None) -> str:
    """The token for a link to `subscriber`'s own page; safe in a path. A link to confirm may name a `SignUp`.

    What `signing.TimestampSigner.sign_object` makes, in a fifth of its time: issues carry two for every reader.
    """
    held = [subscriber.key.hex, _binding(subscriber, purpose, settings.HASH_KEY)]
    held += [] if sign_up is None else [str(sign_up)]
    payload = _base64(json.dumps(held, separators=(",", ":")).encode("ascii"))
    value = f"{payload}{SEPARATOR}{signing.b62_encode(int(time.time()))}"
    mac = _keyed_mac(_salt(purpose) + "signer", settings.SECRET_KEY)
    mac.update(value.encode("ascii"))
    return f"{value}{SEPARATOR}{_base64(mac.digest())}"


def read(token: str, purpose: Purpose, *, among: SubscriberQuerySet | None = None) -> Subscriber:
    """The subscriber that a token was made for. Raises TokenUnknownError, TokenExpiredError or TokenEndedError."""
    key, binding, *_sign_up = _held(token, purpose)
    subscriber = (Subscriber.objects.all() if among is None else among).filter(key=key).first()
    if subscriber is None:
        raise TokenEndedError(None)
    if not any(
        constant_time_compare(binding, _binding(subscriber, purpose, secret))
        for secret in hash_keys()
    ):
        raise TokenEndedError(State(subscriber.state))
    return subscriber


def sign_up_of(token: str) -> int | None:
    """The key of the `SignUp` that a link to confirm is about; None where a list brought the person in.

    Raises as `read` does for a token of another kind or age.
    """
    _key, _binding, *sign_up = _held(token, Purpose.CONFIRM)
    return int(sign_up[0]) if sign_up else None


def _held(token: str, purpose: Purpose) -> list[str]:
    """What `make` signed."""
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


def _binding(subscriber: Holder, purpose: Purpose, hash_key: str) -> str:
    bound_to = [subscriber.email]
    if purpose in {Purpose.CONFIRM, Purpose.STAY}:
        bound_to += [str(subscriber.confirmed_at), str(subscriber.ended_at)]
    # What `core.keyed_hashes.keyed_hash` gives.
    mac = _keyed_mac(f"coalition_site.{_salt(purpose)}", hash_key)
    mac.update("\n".join(bound_to).encode())
    return mac.hexdigest()[:32]


def _keyed_mac(salt: str, secret: str) -> hmac.HMAC:
    return _first_mac(salt, secret).copy()


@lru_cache(maxsize=32)
def _first_mac(salt: str, secret: str) -> hmac.HMAC:
    """Keyed as `django.utils.crypto.salted_hmac` does; to be copied. Another secret makes another."""
    key = hashlib.sha256(force_bytes(salt) + force_bytes(secret)).digest()
    return hmac.new(key, digestmod=hashlib.sha256)


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
