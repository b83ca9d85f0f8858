"""The page of the tracker, and its map in a frame for other sites."""

from http import HTTPStatus

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from charts.world_map import Kind
from core.language import current_language
from core.metadata import absolute, json_ld
from record.choices import Region
from record.memory import count, current_record
from record.models import RecordVersion
from record.treaties import FIRST_DAY
from regions.country_links import country_urls

from . import page
from .filters import Sort, TrackerQuery

TITLE = gettext_lazy("Status of every state")
# The first breadcrumbs of pages below the tracker.
PARENTS = ((TITLE, reverse_lazy("tracker")),)
# The orders offered in the headings of the table.
COLUMN_SORTS = (Sort.NAME, Sort.REGION, Sort.STATUS)


@require_safe
def tracker_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/` with the status of states on a day. 400 for invalid filters."""
    query = TrackerQuery.from_params(request.GET)
    record, language = current_record(), current_language()
    everywhere = record.on(query.on)
    in_all = count(everywhere)
    # The counts by region and status include all states that match the other filters.
    of_choices = count(query.without("region", "status").select(everywhere, language))
    context = {
        "title": TITLE,
        "description": _(
            "Which states have joined the Rome Statute of the International Criminal Court, signed "
            "it, withdrawn or stayed out, on any day since 1998, and how far they have implemented "
            "it."
        ),
        "noindex": bool(query.given or query.errors),
        "query": query,
        # For the map as well as the table.
        "countries": page.rows(query.select(everywhere, language), pages=country_urls(language)),
        "in_all": in_all,
        "statuses": page.by_status(query, of_choices),
        "regions": page.by_region(query, of_choices),
        "kinds": Kind,
        "chips": page.chips(query),
        "years": page.years(query, record),
        "sorts": page.sorts(query, COLUMN_SORTS),
        "version": record.version,
        "permanent": absolute(query.address(on=f"{query.on:%Y-%m-%d}")),
        "csv": query.address("tracker_csv"),
        "embed": absolute(query.only("on", "region").address("tracker_embed")),
        "dataset": _dataset(record.version),
    }
    # 400 rather than 422, since the error is in the address and not in a body: RFC 9110, section 15.5.1.
    status = HTTPStatus.BAD_REQUEST if query.errors else HTTPStatus.OK
    return render(request, "tracker/tracker.html", context, status=status)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})
def embed_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/embed/` with map and counts, for a frame on another site. Filters: `on` and `region`.

    Other filters are ignored. 400 if any filter is invalid.
    """
    asked = TrackerQuery.from_params(request.GET)
    query = asked.only("region")
    record, language = current_record(), current_language()
    states = query.select(record.on(query.on), language)
    address = query.address()
    context = {
        "title": TITLE,
        "region": Region(query.region).label if query.region else "",
        "query": query,
        "countries": page.rows(states, pages=country_urls(language), elsewhere=address),
        "statuses": page.by_status(query, count(states)),
        "version": record.version,
        "address": absolute(address),
    }
    response = render(
        request,
        "tracker/embed.html",
        context,
        status=HTTPStatus.BAD_REQUEST if asked.errors else HTTPStatus.OK,
    )
    # Pages with a Cross-Origin-Embedder-Policy may frame only responses with this header.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _dataset(version: RecordVersion | None) -> SafeString:
    """Return JSON-LD that describes the whole record. https://schema.org/Dataset"""
    graph = {
        "@type": "Dataset",
        "@id": absolute(reverse("tracker")) + "#dataset",
        "name": _("Status of the Rome Statute, state by state"),
        "description": _(
            "Every state with its signature, ratification or accession, withdrawal and implementing"
            " laws of the Rome Statute of the International Criminal Court, on any day since 1998."
        ),
        "url": absolute(reverse("tracker")),
        "inLanguage": current_language(),
        "isAccessibleForFree": True,
        "creator": {"@id": absolute("/#organization")},
        "temporalCoverage": f"{FIRST_DAY}/..",
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": absolute(reverse("tracker_csv")),
            },
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": absolute(reverse("api:countries")),
            },
        ],
    }
    if version:
        graph |= {"version": version.stamp, "dateModified": f"{version.made_at:%Y-%m-%d}"}
    return json_ld([graph])
