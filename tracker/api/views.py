"""The addresses under `/api/` that are no operation of the API."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import today
from core.metadata import absolute

from . import problems
from .contract import api
from .docs import documentation
from .record_state import NAME, RecordState


def openapi(request: HttpRequest) -> HttpResponse:
    """`/api/v1/openapi.json`"""
    document = api.get_openapi_schema()
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})


def docs(request: HttpRequest) -> HttpResponse:
    """`/api/v1/docs`"""
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


def missing(request: HttpRequest) -> HttpResponse:
    """Any other address, without the cost of the page that visitors get."""
    return problems.response_of(problems.NOT_FOUND)
