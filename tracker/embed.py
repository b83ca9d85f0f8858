"""The map of the tracker in a frame on the pages of others."""

from http import HTTPStatus

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from core.language import current_language
from core.metadata import absolute
from record.choices import Region
from record.models import RecordVersion
from regions.country_links import country_urls

from . import summary
from .crumbs import TITLE
from .filters import TrackerQuery
from .rows import rows


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})
def embed_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/embed/`: map and counts for the frame of another site. Filters: `on` and `region`.

    What cannot be asked is left open, and answered with 400.
    """
    asked = TrackerQuery.from_params(request.GET)
    query = asked.only("region")
    countries = query.countries(current_language())
    address = query.address()
    context = {
        "title": TITLE,
        "region": Region(query.region).label if query.region else "",
        "query": query,
        "countries": rows(countries, pages=country_urls(current_language()), elsewhere=address),
        "statuses": summary.by_status(query, countries.counts()),
        "version": RecordVersion.objects.first(),
        "address": absolute(address),
    }
    response = render(
        request,
        "tracker/embed.html",
        context,
        status=HTTPStatus.BAD_REQUEST if asked.errors else HTTPStatus.OK,
    )
    # Pages that isolate themselves (COEP) frame only what says that it may be.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
