"""The tracker as a table to download, and the page that says what its columns mean."""

import csv
import io
from datetime import UTC, datetime, time
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from core.days import today
from core.language import current_language
from core.metadata import absolute
from record.memory import Record, current_record

from .columns import COLUMNS, line
from .filters import TrackerQuery
from .views import PARENTS

# Excel takes a file without it for one of the local code page and breaks every accent. Most readers skip it.
BYTE_ORDER_MARK = "\ufeff"


@require_safe
@conditional_page
def csv_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/countries.csv`: the states asked for, a line each. 400, and why, if that cannot be asked."""
    query = TrackerQuery.from_params(request.GET)
    if query.errors:
        reasons = (f"{name}: {' '.join(errors)}\n" for name, errors in query.errors.items())
        return HttpResponse(
            "".join(reasons),
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.BAD_REQUEST,
        )
    record = current_record()
    response = HttpResponse(_table(query, record), content_type="text/csv; charset=utf-8")
    name = f"rome-statute-states-{query.on:%Y-%m-%d}-record-{record.stamp}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if record.version:
        # States join and leave at midnight, without a change of the record.
        midnight = datetime.combine(min(query.on, today()), time.min, UTC)
        response["Last-Modified"] = http_date(max(record.version.made_at, midnight).timestamp())
    dictionary = absolute(reverse("tracker_dictionary"))
    response["Link"] = f'<{dictionary}>; rel="describedby"; type="text/html"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _table(query: TrackerQuery, record: Record) -> bytes:
    states = query.select(record.on(query.on), current_language())
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(line(state, stamp=record.stamp) for state in states)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


@require_safe
def dictionary_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/data-dictionary/`: what the columns of the table mean, and what may stand in them."""
    context = {
        "title": _("Data dictionary of the tracker"),
        "description": _("The columns of the table of states to download, and what each means."),
        "columns": COLUMNS,
        "parents": PARENTS,
    }
    return render(request, "tracker/dictionary.html", context)
