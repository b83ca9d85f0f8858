"""Personal links in mails, and the signed tokens in them.

A token serves one purpose and is bound to the address it was sent to. A link to confirm is also bound to the state of
the subscriber, so it expires when it is used, and after seven days. Links to preferences and to unsubscribe are in
every issue, so they work as long as the subscriber exists. A link to stay is bound to the state, too; the mailing that
it came with has its deadline.

Django's signer makes and reads tokens. Reusing one signer makes 53,000 tokens a second, a new signer for each 36,000.
An issue needs two tokens for every recipient.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare

from core.keyed_hashes import keyed_hash, keyed_hashes

from .choices import SubscriberState
from .mail_content import Slot
from .models import Subscriber
from .models.subscribers import SubscriberQuerySet

CONFIRM_WITHIN = timedelta(days=7)
SEPARATOR = "."
BINDING_LENGTH = 32
LONGEST_TOKEN = 160  # Characters. Current tokens have 147.
_PLACEHOLDER = "token"
# The form of a token: three parts in the alphabets of base64 and base 62. Other text must not reach the signer, which
# raises UnicodeEncodeError for a lone surrogate.
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9]+\.[A-Za-z0-9_-]+")


class Purpose(StrEnum):
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    STAY = "stay"


class TokenError(Exception):
    """The link does not work, or no longer does."""


class TokenUnknownError(TokenError):
    """The token was not made by this site or not for this purpose, or it is truncated."""


class TokenExpiredError(TokenError):
    """The token is too old."""


class TokenEndedError(TokenError):
    """The token was used, or its subscriber has changed or was deleted. `state` is that of the subscriber, or None."""

    def __init__(self, state: SubscriberState | None) -> None:
        super().__init__(state)
        self.state = state


class Holder(Protocol):
    """The columns of a `Subscriber` from which a token is made."""

    @property
    def key(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def make(subscriber: Holder, purpose: Purpose, *, sign_up: int | None = None) -> str:
    """Return a token for a link of the subscriber, safe in a path. That of a link to confirm may contain a `SignUp`."""
    bound_to = _bound_to(subscriber, purpose)
    held = [subscriber.key.hex, keyed_hash(bound_to, purpose=_salt(purpose))[:BINDING_LENGTH]]
    held += [] if sign_up is None else [str(sign_up)]
    return _kept_signer(purpose, settings.SECRET_KEY).sign_object(held)


def read(token: str, purpose: Purpose, *, among: SubscriberQuerySet | None = None) -> Subscriber:
    """Return the subscriber of a token. Raises one of the three kinds of TokenError."""
    key, binding, *_sign_up = _held(token, purpose)
    subscriber = (Subscriber.objects.all() if among is None else among).filter(key=key).first()
    if subscriber is None:
        raise TokenEndedError(None)
    bindings = keyed_hashes(_bound_to(subscriber, purpose), purpose=_salt(purpose))
    if not any(constant_time_compare(binding, one[:BINDING_LENGTH]) for one in bindings):
        raise TokenEndedError(SubscriberState(subscriber.state))
    return subscriber


def sign_up_of(token: str) -> int | None:
    """Return the key of the `SignUp` in a link to confirm; None for a person from an imported list.

    Raises TokenUnknownError or TokenExpiredError, as `read` does.
    """
    _key, _binding, *sign_up = _held(token, Purpose.CONFIRM)
    return int(sign_up[0]) if sign_up else None


class PersonalLinks:
    """Makes the links of recipients who read one language. Their paths are resolved once, not for each recipient.

    `issue` is the mailing to which an unsubscription is attributed.
    """

    def __init__(self, slots: Iterable[Slot], *, language: str, issue: int | None = None) -> None:
        self._parts: list[tuple[Slot, Purpose, str, str]] = []
        for slot in slots:
            purpose = Purpose[slot.name]
            with translation.override(language):
                path = reverse(f"newsletter:{purpose}", args=[_PLACEHOLDER])
            before, _, after = path.rpartition(_PLACEHOLDER)
            if slot == Slot.UNSUBSCRIBE and issue is not None:
                after += f"?issue={issue}"
            self._parts.append((slot, purpose, settings.SITE_URL + before, after))

    def of(self, holder: Holder) -> dict[Slot, str]:
        return {
            slot: f"{before}{make(holder, purpose)}{after}"
            for slot, purpose, before, after in self._parts
        }


def longest_links() -> dict[Slot, str]:
    """Return links at least as long as any recipient's, to measure messages with."""
    room = len(settings.SITE_URL) + len("/xx/newsletter/unsubscribe//?issue=") + 20
    return dict.fromkeys(Slot, "x" * (room + LONGEST_TOKEN))


def _held(token: str, purpose: Purpose) -> list[str]:
    """Return the values that `make` signed."""
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
    """Return the signer that makes tokens; another one if the secret changes."""
    return signing.TimestampSigner(key=secret, salt=_salt(purpose), sep=SEPARATOR)
