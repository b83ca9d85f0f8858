"""The contract of the API: its operations, described in OpenAPI 3.1."""

from copy import deepcopy
from typing import Any

from django.urls import reverse
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from core.metadata import absolute

from . import changes, countries, overview, problems
from .record_state import TERMS
from .schemas import describe_vocabularies

KENYA: dict[str, Any] = {
    "iso3": "KEN",
    "iso2": "KE",
    "m49": "404",
    "names": {"en": "Kenya", "fr": "Kenya", "es": "Kenia", "ar": "كينيا"},
    "un_name": None,
    "region": "africa",
    "un_group": "African",
    "status": "state_party",
    "since": "2005-06-01",
    "signed_on": "1999-08-11",
    "consented_on": "2005-03-15",
    "joins_on": None,
    "leaves_on": None,
    "declared_on": None,
    "in_words": "State Party since 1 June 2005",
    "complementarity": {"stage": "enacted", "coverage": "full"},
    "cooperation": {"stage": "enacted", "coverage": "full"},
    "ask": None,
    "verified_on": None,
}


def example_list() -> dict[str, Any]:
    page, record = "/where-we-work/africa/kenya/", reverse("api:country", args=["KEN"])
    return {
        "record_version": "2026-11-22.17",
        "as_of": "2026-11-22",
        "total": 1,
        "next": None,
        "countries": [{**KENYA, "url": absolute(page), "record": absolute(record)}],
    }


def example_problem() -> dict[str, Any]:
    kind = problems.INVALID_PARAMETER
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status.value,
        "errors": [{"parameter": "region", "detail": "“afrika” is none of the choices."}],
    }


VERSION = "1.0.0"
DESCRIPTION = f"""\
The status of every state under the Rome Statute of the International Criminal Court, on any day since its \
adoption on 17 July 1998: treaty actions with their dates, effect and sources, implementing laws, and every change \
to the record.

No key is needed, and pages of other sites may use the API. All days are UTC. {TERMS}"""

HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Identifies this response. Send it back as `If-None-Match`, and the response is 304 without a "
        "body unless something has changed.",
        "schema": {"type": "string"},
    },
    "Last-Modified": {
        "description": "When the response last changed, with the record or the day.",
        "schema": {"type": "string"},
    },
    "Record-Version": {
        "description": "The version of the record, as in the body. Absent while the record is empty.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": 'The next part of a list, as `rel="next"`.',
        "schema": {"type": "string"},
    },
}


class Json(JSONRenderer):
    """Writes JSON without escapes, which halves the size of names in Arabic."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


class RecordAPI(NinjaAPI):
    """Adds to its OpenAPI what all operations have in common."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        with override("en"):
            document = super().get_openapi_schema(**kwargs)
            describe_vocabularies(document["components"]["schemas"])
        document["servers"] = [{"url": absolute("/").rstrip("/")}]
        problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document["components"]["schemas"]
        schemas |= {**problem.pop("$defs"), "Problem": problem}
        for name in [name for name in schemas if name.endswith("Parameters")]:
            del schemas[name]  # Each parameter is described by itself.
        for path in document["paths"].values():
            _add_common_parts(path["get"])
        answer = document["paths"][reverse("api:countries")]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example_list()
        return document


def _add_common_parts(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses[200]["headers"] = deepcopy(HEADERS)
    if not any(parameter["name"] == "cursor" for parameter in operation["parameters"]):
        del responses[200]["headers"]["Link"]
    for parameter in operation["parameters"]:
        # OpenAPI wants a list of examples in a schema but one example in a parameter; Ninja writes a list in both.
        if "examples" in parameter:
            parameter["example"] = parameter.pop("examples")[0]
    responses[304] = {"description": "The response has not changed."}
    has_path = any(parameter["in"] == "path" for parameter in operation["parameters"])
    kinds = [problems.INVALID_PARAMETER, *([problems.NOT_FOUND] if has_path else [])]
    for kind in kinds:
        responses[kind.status.value] = _problem(kind.explanation)
    responses["default"] = _problem("Any other error, in the same shape.")
    # Keys in JSON are strings.
    operation["responses"] = {str(status): response for status, response in responses.items()}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {problems.CONTENT_TYPE: {"schema": schema}}
    return {"description": description, "content": content}


api = RecordAPI(
    title="Status of every state",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Json(),
    openapi_extra={
        "info": {"summary": "The record of the Coalition for the International Criminal Court"},
        "tags": [
            {"name": "Countries", "description": "The status of states."},
            {"name": "Changes", "description": "Changes to the record."},
            {"name": "Overview", "description": "The current version of the record."},
        ],
    },
)
api.add_router("/", overview.router)
api.add_router("/countries", countries.router)
api.add_router("/changes", changes.router)
problems.handle_problems(api)
