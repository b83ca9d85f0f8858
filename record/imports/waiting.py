"""Keeps an uploaded file while whoever uploaded it looks at the difference.

In the cache that all machines share, and only for the user who uploaded it.
"""

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from core.models import User

SECONDS = 60 * 60


@dataclass(frozen=True)
class WaitingFile:
    """A file that was read and found right, and not applied yet."""

    name: str
    content: bytes


def keep(file: WaitingFile, *, user: User) -> str:
    """Keep the file for an hour. Gives the token by which its user finds it."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(token, user), (file.name, file.content), SECONDS)
    return token


def find(token: str, *, user: User) -> WaitingFile | None:
    kept = cache.get(_key(token, user))
    return None if kept is None else WaitingFile(*kept)


def forget(token: str, *, user: User) -> None:
    cache.delete(_key(token, user))


def _key(token: str, user: User) -> str:
    return f"record-import:{user.pk}:{token}"
