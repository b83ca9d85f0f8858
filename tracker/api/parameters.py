"""What follows the question mark. Only what is understood is answered."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Schema
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from core.filters import ChoiceFilter, DayFilter
from core.page_cache.middleware import CAMPAIGN_PARAMETERS
from tracker.filters import TrackerForm

from .pagination import DEFAULT_PART, LONGEST_CURSOR, LONGEST_PART
from .problems import InvalidParametersError
from .schemas import ISO3
from .vocabulary import in_words

LONGEST_NAME = 40  # Of what is quoted back.


def _text(description: str, **keywords: Any) -> Any:
    """A parameter as the OpenAPI tells it. Whether its value is right, the tracker's own rules say."""
    return Field(default=None, json_schema_extra=_told_as(description, **keywords))


def _told_as(description: str, **keywords: Any) -> Callable[[dict[str, Any]], None]:
    def tell(schema: dict[str, Any]) -> None:
        # Left out is nothing, but a query cannot say null.
        schema.pop("anyOf", None)
        schema.update({"type": "string", "description": description, **keywords})

    return tell


def _filter(name: str, description: str, **keywords: Any) -> Any:
    """A parameter that is a filter of the tracker's page: what it takes, the form's field says."""
    field = TrackerForm.base_fields[name]
    if isinstance(field, ChoiceFilter):
        named: list[tuple[str, Any]] = [*cast("Any", field.choices)]
        choices = [(value, words) for value, words in named if value]
        keywords["enum"] = [value for value, _words in choices]
        description = f"{description} {in_words(choices)}"
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
        "The day (UTC) to tell of, from 1998-07-17 to the end of the year after next. Today if not given.",
        examples=["2020-01-01"],
    )


class CountryFilters(DayParameter):
    region: str | None = _filter("region", "The region.")
    status: str | None = _filter("status", "Where the state stands on the day.")
    complementarity: str | None = _filter(
        "complementarity", "The stage of its furthest law on complementarity."
    )
    cooperation: str | None = _filter(
        "cooperation", "The stage of its furthest law on cooperation."
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
        json_schema_extra=_told_as(
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
        json_schema_extra=_told_as(
            "Where the part begins, as the address in `next` has it.", maxLength=LONGEST_CURSOR
        ),
    )


class CountryParameters(PartParameters, CountryFilters):
    """The filters of the tracker's page, by the same names and with the same meaning."""


class ChangeParameters(PartParameters, ChangeFilters):
    """The filters of the trail."""


def errors_in_names(request: HttpRequest, known: type[Schema]) -> dict[str, list[str]]:
    """What is wrong with names: not known, given twice, or without a value. To answer would be to answer all.

    Parameters of campaigns may hang on any address of the site, and mean nothing.
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
    """Raises InvalidParametersError."""
    if errors := errors_in_names(request, known):
        raise InvalidParametersError(errors)
