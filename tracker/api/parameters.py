"""Parameters of the API, and the paging of long lists. Unknown parameters are refused.

A cursor names the entry after which the next part begins, so that new entries do not shift the parts.
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode
from ninja import Schema
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from core.filters import ChoiceFilter, DayFilter
from core.metadata import absolute
from core.page_cache.middleware import CAMPAIGN_PARAMETERS
from tracker.filters import TrackerForm

from .problems import InvalidParametersError
from .schemas import ISO3, values_with_labels

LONGEST_PART = 500
DEFAULT_PART = 100
LONGEST_CURSOR = 64


@dataclass(frozen=True, kw_only=True)
class Order:
    """The order of a list: by a unique field. `values` is the pattern of its values."""

    name: str
    field: str
    values: re.Pattern[str]
    backwards: bool = False

    def part_of(
        self, entries: QuerySet[Any], *, cursor: str | None, limit: int
    ) -> tuple[list[Any], str | None]:
        """Return at most `limit` entries after the cursor, and the cursor of the next part if there is one.

        Raises InvalidParametersError.
        """
        entries = entries.order_by(f"-{self.field}" if self.backwards else self.field)
        if cursor:
            lookup = "lt" if self.backwards else "gt"
            entries = entries.filter(**{f"{self.field}__{lookup}": self.position(cursor)})
        part = list(entries[: limit + 1])
        if len(part) <= limit:
            return part, None
        part = part[:limit]
        return part, self.cursor_after(getattr(part[-1], self.field))

    def part_of_values(
        self, values: Iterable[str], *, cursor: str | None, limit: int
    ) -> tuple[list[str], str | None]:
        """Return at most `limit` values after the cursor, and the cursor of the next part if there is one.

        Raises InvalidParametersError.
        """
        after = self.position(cursor) if cursor else ""
        part = sorted(value for value in values if value > after)
        if len(part) <= limit:
            return part, None
        return part[:limit], self.cursor_after(part[limit - 1])

    def cursor_after(self, value: object) -> str:
        """Return the cursor after a value, encoded so that clients do not rely on its content."""
        return base64.urlsafe_b64encode(f"{self.name}:{value}".encode()).decode().rstrip("=")

    def position(self, cursor: str) -> str:
        """Return the value after which the part begins. Raises InvalidParametersError for any other cursor."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        except (binascii.Error, UnicodeError):
            text = ""
        name, _, value = text.partition(":")
        if name != self.name or not self.values.fullmatch(value):
            raise InvalidParametersError(
                {"cursor": ["This is not a cursor of this list. Follow the “next” of a response."]}
            )
        return value


def address_of_next(path: str, params: Mapping[str, Any], *, cursor: str | None) -> str | None:
    """Return the full address of the next part, with the same filters, or None after the last part."""
    if cursor is None:
        return None
    return absolute(f"{path}?{urlencode({**params, 'cursor': cursor})}")


LONGEST_NAME = 40  # Longest quotation of a parameter's name in an error.


def _text(description: str, **keywords: Any) -> Any:
    """Return a parameter as described in the OpenAPI. The tracker's rules validate its value."""
    return Field(default=None, json_schema_extra=_described_as(description, **keywords))


def _described_as(description: str, **keywords: Any) -> Callable[[dict[str, Any]], None]:
    def describe(schema: dict[str, Any]) -> None:
        # A parameter may be absent, but a query string cannot hold null.
        schema.pop("anyOf", None)
        schema.update({"type": "string", "description": description, **keywords})

    return describe


def _filter(name: str, description: str, **keywords: Any) -> Any:
    """Return a parameter for a filter of the tracker's page, with the values that the form's field takes."""
    field = TrackerForm.base_fields[name]
    if isinstance(field, ChoiceFilter):
        named: list[tuple[str, Any]] = [*cast("Any", field.choices)]
        choices = [(value, words) for value, words in named if value]
        keywords["enum"] = [value for value, _words in choices]
        description = f"{description} {values_with_labels(choices)}"
    elif isinstance(field, DayFilter):
        keywords["format"] = "date"
    elif isinstance(field, forms.CharField):
        keywords["maxLength"] = field.max_length
    return _text(description, **keywords)


def _read_day(value: Any) -> dt.date | None:
    """Read a day as the tracker's page does. Pydantic takes a number of seconds for a date as well."""
    try:
        return DayFilter().clean(value)
    except ValidationError as error:
        raise PydanticCustomError(
            "day", "{reason}", {"reason": error.messages[0].rstrip(".")}
        ) from None


class DayParameter(Schema):
    on: str | None = _filter(
        "on",
        "The day (UTC), from 1998-07-17 to the end of the year after next. Today if not given.",
        examples=["2020-01-01"],
    )


class CountryFilters(DayParameter):
    region: str | None = _filter("region", "The region.")
    status: str | None = _filter("status", "The status of the state on the day.")
    complementarity: str | None = _filter(
        "complementarity", "The stage of its most advanced law on complementarity."
    )
    cooperation: str | None = _filter(
        "cooperation", "The stage of its most advanced law on cooperation."
    )
    focus: str | None = _filter("focus", "The focus of the year.")
    q: str | None = _filter(
        "q",
        "A part of the name in any of the four languages, or a code.",
        examples=["ken"],
    )


class ChangeFilters(Schema):
    since: Annotated[dt.date | None, BeforeValidator(_read_day)] = _text(
        "The changes made on that day (UTC) or later.", format="date", examples=["2026-11-01"]
    )
    country: str | None = Field(
        default=None,
        pattern=ISO3,
        json_schema_extra=_described_as(
            "The changes of one country, by its ISO 3166-1 code of three letters.",
            pattern=ISO3,
            examples=["KEN"],
        ),
    )


class PartParameters(Schema):
    limit: int = Field(
        default=DEFAULT_PART,
        ge=1,
        le=LONGEST_PART,
        description=f"How many entries at most, {DEFAULT_PART} if not given.",
    )
    cursor: str | None = Field(
        default=None,
        max_length=LONGEST_CURSOR,
        json_schema_extra=_described_as(
            "The start of the part, as in the address in `next`.", maxLength=LONGEST_CURSOR
        ),
    )


class CountryParameters(PartParameters, CountryFilters):
    """The filters of the tracker's page, with the same names and meanings."""


class ChangeParameters(PartParameters, ChangeFilters):
    """The filters of the trail."""


def errors_in_names(request: HttpRequest, known: type[Schema]) -> dict[str, list[str]]:
    """Return errors for parameters that are unknown, given twice or empty, which must not be silently ignored.

    Campaign parameters such as `utm_source` may be part of any address and are ignored.
    """
    errors = {}
    names = ", ".join(known.model_fields) or "none"
    for name, values in request.GET.lists():
        if name not in known.model_fields and name not in CAMPAIGN_PARAMETERS:
            errors[name[:LONGEST_NAME]] = [
                f"There is no parameter of this name. There are: {names}."
            ]
        elif len(values) > 1:
            errors[name[:LONGEST_NAME]] = ["Only one value can be given."]
        elif not values[0] and name in known.model_fields:
            errors[name[:LONGEST_NAME]] = ["Give a value, or leave the parameter out."]
    return errors


def refuse_unknown(request: HttpRequest, known: type[Schema]) -> None:
    """Raise InvalidParametersError for parameters that are unknown, given twice or empty."""
    if errors := errors_in_names(request, known):
        raise InvalidParametersError(errors)
