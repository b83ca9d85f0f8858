"""Publishes the trail of changes, as a page with filters and as Atom feeds of the record and of each state."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.feeds import MOST_ENTRIES, AtomFeed
from core.filters import ChoiceFilter, FilterForm, FilterQuery, NumberFilter
from core.language import current_language
from core.metadata import absolute
from record.changes import ShownChange, ShownVersion, shown_changes, shown_versions, versions_of
from record.choices import ChangeKind, Region
from record.models import Country, RecordChange, RecordChangeQuerySet
from regions.country_links import country_urls

from .views import PARENTS


class ChangesForm(FilterForm):
    """The filters, all of them optional."""

    country = ChoiceFilter(label=gettext_lazy("State"))
    region = ChoiceFilter(Region.choices, label=gettext_lazy("Region"))
    kind = ChoiceFilter(ChangeKind.choices, label=gettext_lazy("Kind of change"))
    version = NumberFilter()
    page = NumberFilter()

    def __init__(self, params: QueryDict, *, language: str) -> None:
        super().__init__(params)
        countries = Country.objects.published().by_name(language)
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((country.iso3, country.name) for country in countries),
        ]


@dataclass(frozen=True, kw_only=True)
class ChangesQuery(FilterQuery):
    """The filters of the list of changes."""

    country: str = ""
    region: str = ""
    kind: str = ""
    version: int | None = None
    page: int = 1

    @classmethod
    def from_params(cls, params: QueryDict, *, language: str) -> Self:
        """Read the filters from an address. Ignores invalid ones: see `errors`."""
        form = ChangesForm(params, language=language)
        given = form.given
        return cls(form=form, given=given, **given)

    def changes(self) -> RecordChangeQuerySet:
        """Return the changes that match."""
        filters = {
            "country__iso3": self.country,
            "country__region": self.region,
            "kind": self.kind,
            "version": self.version,
        }
        changes: RecordChangeQuerySet = RecordChange.objects.public().filter(
            **{name: value for name, value in filters.items() if value}
        )
        return changes


VERSIONS_PER_PAGE = 20
CHANGES_PER_PAGE = 100


@require_safe
def changes_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/changes/` with versions, newest first, or all of `?version=17`. 400 for invalid filters."""
    query = ChangesQuery.from_params(request.GET, language=current_language())
    context: dict[str, Any] = {
        "title": _("What changed in the record"),
        "parents": PARENTS,
        "description": _(
            "Every entry that was added, updated, verified, corrected or removed in the record of"
            " states and the International Criminal Court."
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
    # 400 rather than 422, since the error is in the address and not in a body: RFC 9110, section 15.5.1.
    status = HTTPStatus.BAD_REQUEST if query.errors else HTTPStatus.OK
    return render(request, "tracker/changes.html", context, status=status)


def _by_version(query: ChangesQuery) -> dict[str, Any]:
    changes = query.changes()
    page = _page(query, Paginator(versions_of(changes), VERSIONS_PER_PAGE))
    shown = shown_versions(page.object_list, changes, urls=country_urls(current_language()))
    return {"page_of": page, "versions": shown}


def _of_one_version(query: ChangesQuery) -> dict[str, Any]:
    version = get_object_or_404(versions_of(RecordChange.objects.public()), pk=query.version)
    changes = query.changes().for_feed().order_by("country__name_en", "pk")
    page = _page(query, Paginator(changes, CHANGES_PER_PAGE))
    entries = shown_changes(page.object_list, urls=country_urls(current_language()))
    countries = query.changes().order_by().values("country").distinct().count()
    shown = ShownVersion(version, page.paginator.count, countries, entries)
    return {"page_of": page, "versions": [shown]}


def _page(query: ChangesQuery, paginator: "Paginator[Any]") -> Any:
    if query.page > paginator.num_pages:
        raise Http404
    return paginator.page(query.page)


class ChangesFeed(AtomFeed):
    """One entry for each version of the record."""

    name = "record"

    def title(self, country: Country | None) -> str:
        if country is None:
            return _("Changes in the record of states and the International Criminal Court")
        return _("%(country)s: changes to the record") % {"country": country.name}

    def link(self, country: Country | None) -> str:
        return absolute(_address(country))

    def feed_url(self, country: Country | None) -> str:
        if country is None:
            return absolute(reverse("tracker_changes_feed"))
        return absolute(reverse("tracker_country_feed", args=[country.iso3]))

    def feed_guid(self, country: Country | None) -> str:
        return self.tag(_code(country))

    def items(self, country: Country | None) -> list[tuple[Country | None, ShownVersion]]:
        changes: RecordChangeQuerySet = RecordChange.objects.public()
        if country is not None:
            changes = changes.filter(country=country)
        versions = versions_of(changes)[:MOST_ENTRIES]
        shown = shown_versions(versions, changes, urls=country_urls(current_language()))
        return [(country, version) for version in shown]

    def item_title(self, item: tuple[Country | None, ShownVersion]) -> str:
        return item[1].title

    def item_description(self, item: tuple[Country | None, ShownVersion]) -> str:
        changes = item[1].changes
        lines = format_html_join("", "<li>{}</li>", ((_line(change),) for change in changes))
        return format_html("<ul>{}</ul>", lines) if changes else item[1].numbers

    def item_link(self, item: tuple[Country | None, ShownVersion]) -> str:
        country, shown = item
        return absolute(_address(country, version=shown.version.pk))

    def item_guid(self, item: tuple[Country | None, ShownVersion]) -> str:
        country, shown = item
        return self.tag(shown.version.pk, _code(country))

    def item_updateddate(self, item: tuple[Country | None, ShownVersion]) -> datetime:
        return item[1].version.made_at

    item_pubdate = item_updateddate

    def get_object(self, request: HttpRequest, iso3: str = "") -> Country | None:
        """Return the state of the feed, or None for the feed of the whole record."""
        if not iso3:
            return None
        country: Country = get_object_or_404(Country.objects.published(), iso3=iso3)
        return country


def _line(change: ShownChange) -> SafeString:
    fields = "; ".join(f"{field.name}: {field.before} → {field.after}" for field in change.fields)
    what = f"{change.country}: {change.entry} ({change.kind_label})"
    return format_html("{}", f"{what}. {fields}" if fields else what)


def _address(country: Country | None, **params: Any) -> str:
    given = {"country": country.iso3, **params} if country else params
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return f"{reverse('tracker_changes')}{'?' if query else ''}{query}"


def _code(country: Country | None) -> str | None:
    return country.iso3 if country else None
