"""What a cell may hold. Each parser takes the stripped text of a cell and raises `ValidationError`."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

Parser = Callable[[str], Any]

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValidationError(
            _("“%(text)s” is not a day as 2002-07-01: year, month, day."), params={"text": text}
        )
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("The calendar has no %(text)s."), params={"text": text}) from None


def line(max_length: int) -> Parser:
    """Text of one line."""

    def parse(text: str) -> str:
        if "\n" in text:
            raise ValidationError(_("The text must stand on one line."))
        return _short_enough(text, max_length)

    return parse


def lines(max_length: int) -> Parser:
    """Text of any number of lines."""
    return lambda text: _short_enough(text, max_length)


def code(pattern: str, words: Any) -> Parser:
    """Text of a fixed form; `words` say which."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValidationError(
                _("“%(text)s” is no such code: %(words)s"),
                params={"text": _shortened(text), "words": words},
            )
        return text

    return parse


def one_of(words: Mapping[str, Any]) -> Parser:
    """One of some words, each with what it stands for."""

    def parse(text: str) -> Any:
        if text not in words:
            raise ValidationError(
                _("“%(text)s” is not one of: %(words)s."),
                params={"text": _shortened(text), "words": ", ".join(words)},
            )
        return words[text]

    return parse


def link(text: str) -> str:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise ValidationError(
            _("“%(text)s” is no web address."), params={"text": _shortened(text)}
        ) from None
    return _short_enough(text, 200)


def _short_enough(text: str, max_length: int) -> str:
    if len(text) > max_length:
        raise ValidationError(
            _("The text has %(length)d characters; %(most)d fit."),
            params={"length": len(text), "most": max_length},
        )
    return text


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
