"""Keep an uploaded file between its upload and the confirmation of its import.

It is in the cache that all machines share, for an hour and for the user who uploaded it. Files with personal data
belong in the database instead, where requests to erase a person find them.
"""

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from core.models import User

from .problems import ImportGoneError

SECONDS = 60 * 60


@dataclass(frozen=True)
class Upload:
    """An uploaded file: its name without folders, and its content."""

    name: str
    content: bytes


def keep(upload: Upload, *, user: User) -> str:
    """Return the key under which its user finds the upload for an hour."""
    key = secrets.token_urlsafe(16)
    cache.set(_cache_key(key, user), (upload.name, upload.content), SECONDS)
    return key


def find(key: str, *, user: User) -> Upload:
    """Raises `ImportGoneError` where the user has no such upload."""
    kept = cache.get(_cache_key(key, user))
    if kept is None:
        raise ImportGoneError
    return Upload(*kept)


def forget(key: str, *, user: User) -> None:
    cache.delete(_cache_key(key, user))


def _cache_key(key: str, user: User) -> str:
    return f"import:{user.pk}:{key}"
