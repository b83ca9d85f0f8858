"""The page of the changes."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.language import current_language
from record.changes.versions import ToldVersion, tell_versions, versions_of
from record.changes.words import tell
from record.models import RecordChange
from regions.country_links import country_urls
from tracker.views import PARENTS

from .filters import ChangesQuery

VERSIONS_PER_PAGE = 20
CHANGES_PER_PAGE = 100


@require_safe
def changes_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/changes/`: the newest version first; `?version=17`: all of one. 400 for what cannot be asked."""
    query = ChangesQuery.from_params(request.GET, language=current_language())
    context: dict[str, Any] = {
        "title": _("What changed in the record"),
        "parents": PARENTS,
        "description": _(
            "Every entry that was added, updated, verified, corrected or removed in the record of"
            " where states stand towards the International Criminal Court."
        ),
        "noindex": bool(query.given or query.errors),
        "query": query,
        **(_of_one_version(query) if query.version else _by_version(query)),
    }
    page = context["page_of"]
    if page.has_previous():
        context["newer"] = query.urlencode(page=page.previous_page_number())
    if page.has_next():
        context["older"] = query.urlencode(page=page.next_page_number())
    # The fault is in the address and not in a body: RFC 9110, section 15.5.1.
    status = HTTPStatus.BAD_REQUEST if query.errors else HTTPStatus.OK
    return render(request, "tracker/changes.html", context, status=status)


def _by_version(query: ChangesQuery) -> dict[str, Any]:
    changes = query.changes()
    page = _page(query, Paginator(versions_of(changes), VERSIONS_PER_PAGE))
    told = tell_versions(page.object_list, changes, urls=country_urls(current_language()))
    return {"page_of": page, "versions": told}


def _of_one_version(query: ChangesQuery) -> dict[str, Any]:
    version = get_object_or_404(versions_of(RecordChange.objects.public()), pk=query.version)
    changes = query.changes().for_feed().order_by("country__name_en", "pk")
    page = _page(query, Paginator(changes, CHANGES_PER_PAGE))
    told = tell(page.object_list, urls=country_urls(current_language()))
    countries = query.changes().order_by().values("country").distinct().count()
    shown = ToldVersion(version, page.paginator.count, countries, told)
    return {"page_of": page, "versions": [shown]}


def _page(query: ChangesQuery, paginator: "Paginator[Any]") -> Any:
    if query.page > paginator.num_pages:
        raise Http404
    return paginator.page(query.page)
