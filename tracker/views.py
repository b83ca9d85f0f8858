"""The page of the tracker."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charts.world_map import Kind
from core.language import current_language
from core.metadata import absolute
from record.models import Country, RecordVersion
from regions.country_links import country_urls

from . import summary
from .crumbs import TITLE
from .dataset import dataset
from .filters import Sort, TrackerQuery
from .rows import rows

# What the headings of the table sort by.
COLUMN_SORTS = (Sort.NAME, Sort.REGION, Sort.STATUS)


@require_safe
def tracker_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/`: where the states stand on a day. 400 if the address asks for what cannot be."""
    query = TrackerQuery.from_params(request.GET)
    # One list, from which the map and the table are drawn.
    countries = rows(query.countries(current_language()), pages=country_urls(current_language()))
    in_all = Country.objects.as_of(query.on).counts()
    others = query.without("region", "status")
    # What the counts of regions and statuses count; where nothing else is asked, all.
    of_choices = in_all if others.is_of_all else others.countries(current_language()).counts()
    version = RecordVersion.objects.first()
    context = {
        "title": TITLE,
        "description": _(
            "Which states have joined the Rome Statute of the International Criminal Court, signed "
            "it, withdrawn or stayed out, on any day since 1998, and how far they have implemented "
            "it."
        ),
        "noindex": bool(query.given or query.errors),
        "query": query,
        "countries": countries,
        "in_all": in_all,
        "statuses": summary.by_status(query, of_choices),
        "regions": summary.by_region(query, of_choices),
        "kinds": Kind,
        "chips": summary.chips(query),
        "years": summary.years(query),
        "sorts": summary.sorts(query, COLUMN_SORTS),
        "version": version,
        "permanent": absolute(query.address(on=f"{query.on:%Y-%m-%d}")),
        "csv": query.address("tracker_csv"),
        "embed": absolute(query.only("on", "region").address("tracker_embed")),
        "dataset": dataset(version),
    }
    # The fault is in the address and not in a body: RFC 9110, section 15.5.1.
    status = HTTPStatus.BAD_REQUEST if query.errors else HTTPStatus.OK
    return render(request, "tracker/tracker.html", context, status=status)
