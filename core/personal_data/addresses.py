"""An e-mail address in text that people write: to find it, and to take it out."""

import re
from functools import lru_cache
from typing import Any

import idna
from django.db.models import Q

REMOVED = "[address erased]"
# What an address may hold beside the text that is looked for: `ana@example.org` is no part of `joana@example.org`.
_BEFORE = r"(?<![\w.%+'-])"
_AFTER = r"(?![\w-]|\.\w)"
_ANY_ADDRESS = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\"]+")


def spellings(email: str) -> list[str]:
    """Return how people write a normalised address: with its domain in ASCII and, where that differs, in letters."""
    local, _at, domain = email.rpartition("@")
    try:
        in_letters = f"{local}@{idna.decode(domain)}"
    except UnicodeError:  # What `idna` raises extends it.
        return [email]
    return list(dict.fromkeys([email, in_letters]))


def is_address(text: Any, email: str) -> bool:
    """Tell whether the text is the normalised address and nothing else, whatever its case."""
    return isinstance(text, str) and text.strip().lower() in spellings(email)


def mentions(text: str, email: str) -> bool:
    """Tell whether the normalised address stands in the text, whatever its case."""
    return bool(_pattern(email).search(text))


def without_address(text: str, email: str) -> str:
    """Return the text with `REMOVED` in the place of the normalised address."""
    return _pattern(email).sub(REMOVED, text)


def holds_any_address(text: str) -> bool:
    """Tell whether the text holds something like an address, as texts that are kept for ever may not."""
    return bool(_ANY_ADDRESS.search(text))


def without_any_address(text: str) -> str:
    """Return the text with `REMOVED` in the place of everything like an address."""
    return _ANY_ADDRESS.sub(REMOVED, text)


def containing(field: str, email: str) -> Q:
    """Select rows whose text or JSON in `field` may mention the address; `mentions` tells for sure."""
    found = Q()
    for spelling in spellings(email):
        found |= Q(**{f"{field}__icontains": spelling})
    return found


@lru_cache(maxsize=16)
def _pattern(email: str) -> re.Pattern[str]:
    found = "|".join(re.escape(spelling) for spelling in spellings(email))
    return re.compile(f"{_BEFORE}(?:{found}){_AFTER}", re.IGNORECASE)
