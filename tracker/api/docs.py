"""Documents the API, as OpenAPI and as a page made from it. Both are in English."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.days import today
from core.metadata import absolute

from .contract import api, example_list, example_problem
from .problems import TYPES, ProblemType
from .record_state import NAME, RecordState

CODE = re.compile("`([^`]+)`")
# Members of the second schema are not repeated in the first.
EXTENDED = {"CountryRecord": "CountrySummary"}
EXAMPLE_QUERIES = {
    "list_countries": "?region=africa&status=state_party",
    "list_changes": "?since=2026-11-01",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter or a member of a response, with its type and meaning in HTML."""

    name: str
    holds: SafeString
    meaning: SafeString


@dataclass(frozen=True, kw_only=True)
class Operation:
    name: str
    path: str
    summary: str
    description: SafeString
    parameters: list[Field]
    answer: SafeString
    example: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A schema with its members, or a vocabulary, which has none."""

    name: str
    anchor: str
    description: SafeString
    members: list[Field]


@dataclass(frozen=True, kw_only=True)
class Documentation:
    version: str
    description: SafeString
    operations: list[Operation]
    shapes: list[Shape]
    vocabularies: list[Shape]
    problems: tuple[ProblemType, ...]
    address: str
    example: str
    problem_example: str


def documentation() -> Documentation:
    """Return the content of the page."""
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]
    shapes = [_shape(name, schema, schemas) for name, schema in schemas.items()]
    return Documentation(
        version=document["info"]["version"],
        description=_words(document["info"]["description"].partition("\n\n")[0]),
        operations=[
            _operation(path, operation["get"]) for path, operation in document["paths"].items()
        ],
        shapes=[shape for shape in shapes if shape.members],
        vocabularies=[shape for shape in shapes if not shape.members],
        problems=TYPES,
        address=absolute(reverse("api:overview")),
        example=_json(example_list()),
        problem_example=_json(example_problem()),
    )


def _operation(path: str, operation: dict[str, Any]) -> Operation:
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    query = EXAMPLE_QUERIES.get(operation["operationId"], "")
    return Operation(
        name=operation["operationId"],
        path=path,
        summary=operation["summary"],
        description=_words(operation["description"]),
        parameters=[
            Field(
                name=parameter["name"],
                holds=_holds(parameter["schema"]),
                meaning=_words(parameter["description"]),
            )
            for parameter in operation["parameters"]
        ],
        answer=_holds(answer),
        example=absolute(path.replace("{iso3}", "KEN") + query),
    )


def _shape(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> Shape:
    base = EXTENDED.get(name)
    known = schemas[base]["properties"] if base else {}
    description = _words(schema.get("description", ""))
    if base:
        description += format_html(" All of {}, and:", _holds({"$ref": base}))
    members = [
        Field(name=member, holds=_holds(holds), meaning=_words(holds.get("description", "")))
        for member, holds in schema.get("properties", {}).items()
        if member not in known
    ]
    return Shape(name=name, anchor=_anchor(name), description=description, members=members)


def _holds(schema: dict[str, Any]) -> SafeString:
    """Return the type of a value as HTML, with links to schemas."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return format_html('<a href="#{}">{}</a>', _anchor(name), name)
    for keyword in ("anyOf", "allOf"):
        if keyword in schema:
            return format_html_join(" or ", "{}", ((_holds(one),) for one in schema[keyword]))
    if schema.get("type") == "array":
        return format_html("list of {}", _holds(schema["items"]))
    return format_html("{}", _plain_type(schema))


def _plain_type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of these"
    kind = schema.get("format") or schema.get("type") or "anything"
    words = {"string": "text", "integer": "number", "uri": "address"}.get(kind, kind)
    if "minimum" in schema and "maximum" in schema:
        return f"{words} from {schema['minimum']} to {schema['maximum']}"
    return words


def _words(text: str) -> SafeString:
    """Return escaped text, with text between backticks as code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped above.


def _anchor(name: str) -> str:
    return f"schema-{name.lower()}"


def _json(example: dict[str, Any]) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)


def openapi(request: HttpRequest) -> HttpResponse:
    """Respond at `/api/v1/openapi.json`."""
    document = api.get_openapi_schema()
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})


def docs(request: HttpRequest) -> HttpResponse:
    """Respond at `/api/v1/docs`."""
    state = RecordState.now()
    context = {
        "title": _("The record as data"),
        "description": _("The API of the record: every state and the Rome Statute, on any day."),
        "documentation": documentation(),
        "version": state if state.stamp else None,
        "today": today(),
        "name": NAME,
        "tracker": absolute(reverse("tracker")),
    }
    return render(request, "tracker/api_docs.html", context)
