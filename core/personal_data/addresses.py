"""Finds and removes an e-mail address in text that people wrote."""

import re
from functools import lru_cache
from typing import Any

import idna
from django.db.models import Q

REMOVED = "[address erased]"
# Characters of an address before and after a match: `ana@example.org` must not match in `joana@example.org`.
_BEFORE = r"(?<![\w.%+'-])"
_AFTER = r"(?![\w-]|\.\w)"
_ANY_ADDRESS = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\s@<>(),;:\"]+")


def spellings(email: str) -> list[str]:
    """Return the spellings of a normalised address: with its domain in ASCII and, if different, in Unicode."""
    local, _at, domain = email.rpartition("@")
    try:
        in_unicode = f"{local}@{idna.decode(domain)}"
    except UnicodeError:  # The base class of the errors of `idna`.
        return [email]
    return list(dict.fromkeys([email, in_unicode]))


def is_address(text: Any, email: str) -> bool:
    """Return whether the text is the normalised address and nothing else, regardless of case."""
    return isinstance(text, str) and text.strip().lower() in spellings(email)


def mentions(text: str, email: str) -> bool:
    """Return whether the text contains the normalised address, regardless of case."""
    return bool(_pattern(email).search(text))


def without_address(text: str, email: str) -> str:
    """Return the text with the normalised address replaced by `REMOVED`."""
    return _pattern(email).sub(REMOVED, text)


def holds_any_address(text: str) -> bool:
    """Return whether the text contains something like an address. Texts that are never erased must not."""
    return bool(_ANY_ADDRESS.search(text))


def without_any_address(text: str) -> str:
    """Return the text with everything like an address replaced by `REMOVED`."""
    return _ANY_ADDRESS.sub(REMOVED, text)


def containing(field: str, email: str) -> Q:
    """Return a condition for rows whose text or JSON in `field` may contain the address; check them by `mentions`."""
    found = Q()
    for spelling in spellings(email):
        found |= Q(**{f"{field}__icontains": spelling})
    return found


@lru_cache(maxsize=16)
def _pattern(email: str) -> re.Pattern[str]:
    found = "|".join(re.escape(spelling) for spelling in spellings(email))
    return re.compile(f"{_BEFORE}(?:{found}){_AFTER}", re.IGNORECASE)
