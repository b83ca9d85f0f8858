"""Parsers of cells: each takes the cleaned text of a cell and raises `ValidationError`.

No message quotes the cell, which may hold personal data: `Schema` adds the quotation where that is harmless.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

Parser = Callable[[str], Any]


def day(text: str) -> date:
    """Parse a date in ISO 8601."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValidationError(_("This is not a date such as 2002-07-01: year, month, day."))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("The calendar has no such day.")) from None


def line(max_length: int) -> Parser:
    """Parse text on one line."""

    def parse(text: str) -> str:
        if "\n" in text:
            raise ValidationError(_("The text must be on one line."))
        return _within(max_length, text)

    return parse


def lines(max_length: int) -> Parser:
    """Parse text on any number of lines."""
    return lambda text: _within(max_length, text)


def code(pattern: str, form: Any) -> Parser:
    """Parse a code that matches the pattern, which `form` describes."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValidationError(_("This is not a code of %(form)s."), params={"form": form})
        return text

    return parse


def one_of(values: Collection[str]) -> Parser:
    """Parse one of the values. If they are a mapping, return the value that it maps to."""

    def parse(text: str) -> Any:
        if text not in values:
            raise ValidationError(
                _("This is not one of: %(values)s."), params={"values": ", ".join(values)}
            )
        return values[text] if isinstance(values, Mapping) else text

    return parse


def some_of(values: Collection[str]) -> Parser:
    """Parse several values, separated by semicolons or bars, into a list without repetitions."""
    parse_one = one_of(values)

    def parse(text: str) -> list[Any]:
        parts = [part.strip() for part in text.replace("|", ";").split(";")]
        return list(dict.fromkeys(parse_one(part) for part in parts if part))

    return parse


def link(text: str) -> str:
    """Parse the address of a web page, of at most 200 characters."""
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise ValidationError(_("This is not a web address.")) from None
    return _within(200, text)


def _within(max_length: int, text: str) -> str:
    if len(text) > max_length:
        raise ValidationError(
            _("The text has %(length)d characters; at most %(most)d fit."),
            params={"length": len(text), "most": max_length},
        )
    return text
