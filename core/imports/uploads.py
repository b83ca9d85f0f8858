"""An uploaded CSV file: its form field, and where it is kept until its import is confirmed.

It is kept for an hour in the cache that all machines share, for the user who uploaded it. Files with personal data
belong in the database instead, where requests to erase a person find them.
"""

import secrets
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.models import User

from .problems import ImportGoneError

SECONDS = 60 * 60


@dataclass(frozen=True)
class Upload:
    """An uploaded file: its name without folders, and its content."""

    name: str
    content: bytes


def keep(upload: Upload, *, user: User) -> str:
    """Keep the upload for an hour. Return the key under which its user finds it."""
    key = secrets.token_urlsafe(16)
    cache.set(_cache_key(key, user), (upload.name, upload.content), SECONDS)
    return key


def find(key: str, *, user: User) -> Upload:
    """Return a kept upload. Raises `ImportGoneError` if the user has none with the key."""
    kept = cache.get(_cache_key(key, user))
    if kept is None:
        raise ImportGoneError
    return Upload(*kept)


def forget(key: str, *, user: User) -> None:
    """Delete a kept upload, if it is still there."""
    cache.delete(_cache_key(key, user))


def _cache_key(key: str, user: User) -> str:
    return f"import:{user.pk}:{key}"


class CSVField(forms.FileField):
    """Cleans to an `Upload` with at most one byte more than `max_bytes`. The import checks the content."""

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        super().__init__(
            label=_("File"),
            help_text=format_lazy(
                _("A CSV file of at most {size} MB. Nothing is written yet."),
                size=max_bytes // 1024**2,
            ),
            allow_empty_file=True,
            widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Upload:
        file = super().clean(data, initial)
        return Upload(PurePath(file.name or "").name, file.read(self.max_bytes + 1))
