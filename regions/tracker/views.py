"""The page of the tracker."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regions.status_words import describe

from .filters import TrackerQuery


@require_safe
def tracker_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/`: where the states stand on a day. 400 if the address asks for what cannot be."""
    query = TrackerQuery.from_params(request.GET)
    countries = list(query.countries(get_language() or "en"))
    for country in countries:
        country.words = describe(country)
    context = {
        "title": _("Where every state stands"),
        "query": query,
        "countries": countries,
        "noindex": bool(request.GET),
    }
    # The fault is in the address and not in a body: RFC 9110, section 15.5.1.
    status = HTTPStatus.BAD_REQUEST if query.errors else HTTPStatus.OK
    return render(request, "regions/tracker.html", context, status=status)
