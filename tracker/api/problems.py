"""Error responses as problem details. RFC 9457."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from pydantic import Field

from core.metadata import absolute

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem. Its URI leads to its explanation in the documentation."""

    slug: str
    status: HTTPStatus
    title: str
    explanation: str

    @property
    def uri(self) -> str:
        return absolute(f"{reverse('api_docs')}#{self.slug}")


INVALID_PARAMETER = ProblemType(
    "invalid-parameter",
    HTTPStatus.BAD_REQUEST,
    "A parameter is not valid",
    "A value is not valid, the parameter is given twice, or there is no parameter of that name: none is ever "
    "ignored silently. “errors” names each of them.",
)
NOT_FOUND = ProblemType(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "Not found",
    "There is nothing at this address, or the record has no country with that code.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "Method not allowed",
    "The API is read-only: use GET, HEAD or OPTIONS.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong on our side",
    "Please try again in a few minutes.",
)
TYPES = (INVALID_PARAMETER, NOT_FOUND, METHOD_NOT_ALLOWED, INTERNAL_ERROR)


class ParameterError(Schema):
    """An error in one parameter."""

    parameter: str = Field(examples=["region"])
    detail: str = Field(examples=["“afrika” is none of the choices."])


class Problem(Schema):
    """Problem details, RFC 9457."""

    type: str = Field(
        description="The kind of problem: an address in the documentation, or `about:blank`.",
        json_schema_extra={"format": "uri"},
    )
    title: str = Field(description="A title for the kind of problem.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str | None = Field(default=None, description="The error in this request.")
    errors: list[ParameterError] | None = Field(default=None, description="The invalid parameters.")


class InvalidParametersError(Exception):
    """Invalid parameters, with the errors of each by name."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(", ".join(errors))


class NothingHereError(Exception):
    """The requested object does not exist. The message says which."""


def response_of(
    kind: ProblemType, *, detail: str = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return the response for a kind of problem."""
    members = {"type": kind.uri, "title": kind.title, "status": kind.status.value}
    return _response(members, detail=detail, errors=errors)


def response_of_status(status: int) -> HttpResponse:
    """Return the response for a status, in place of an error page from another part of the site."""
    for kind in (NOT_FOUND, METHOD_NOT_ALLOWED, INTERNAL_ERROR):
        if kind.status == status:
            return response_of(kind)
    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return _response(members)


def _response(members: dict[str, Any], **more: Any) -> HttpResponse:
    members |= {name: value for name, value in more.items() if value}
    return HttpResponse(
        json.dumps(members, ensure_ascii=False),
        status=members["status"],
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def is_problem(response: Any) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith(CONTENT_TYPE)


def handle_problems(api: NinjaAPI) -> None:
    """Respond to the API's own errors with problems. Leave any other error to Django, which logs it."""
    api.add_exception_handler(ValidationError, _on_validation_error)
    api.add_exception_handler(InvalidParametersError, _on_invalid_parameters)
    api.add_exception_handler(NothingHereError, _on_nothing_here)
    api.add_exception_handler(Exception, _on_any_other)


def _on_validation_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Respond 404 to an invalid path and 400 to an invalid parameter."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return response_of(NOT_FOUND)
    errors = [{"parameter": str(one["loc"][1]), "detail": f"{one['msg']}."} for one in error.errors]
    return response_of(INVALID_PARAMETER, errors=errors)


def _on_invalid_parameters(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {"parameter": name, "detail": message}
        for name, messages in error.errors.items()
        for message in messages
    ]
    return response_of(INVALID_PARAMETER, errors=errors)


def _on_nothing_here(request: HttpRequest, error: Any) -> HttpResponse:
    return response_of(NOT_FOUND, detail=str(error))


def _on_any_other(request: HttpRequest, error: Any) -> HttpResponse:
    raise error


def missing(request: HttpRequest) -> HttpResponse:
    """Respond 404 at any other address, without rendering a page."""
    return response_of(NOT_FOUND)
