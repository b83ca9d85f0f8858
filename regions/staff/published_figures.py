"""The report of published figures that differ from the record."""

from datetime import date
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from core.days import today
from record.choices import Region, Status
from record.models import Country
from record.permissions import RecordPolicy, edits_countries
from record.staff.country_list import DayColumn
from regions.choices import KeyFactKind
from regions.models import KeyFact

URL_NAME = "published_figures"


def published_figures(day: date) -> QuerySet[KeyFact]:
    """Return the member-state figures of live pages, with `counted_today` and `difference` from the record of that day.

    A figure that a translation shares with its original appears once. `difference` is None for a region without a
    record. One query, and one more for the rows.
    """
    standings = Country.objects.as_of(day).counts()
    counts = [
        When(page__region=region, then=Value(standings.of(Status.STATE_PARTY, region)))
        for region in Region.values
        if region in standings.by_region
    ]
    original_first = Case(When(locale__language_code=settings.LANGUAGE_CODE, then=0), default=1)
    one_each = (
        KeyFact.objects.filter(kind=KeyFactKind.ICC_MEMBER_STATES, page__live=True)
        .order_by("translation_key", "value", original_first)
        .distinct("translation_key", "value")
    )
    return (
        KeyFact.objects.filter(pk__in=one_each.values("pk"))
        .annotate(counted_today=Case(*counts, default=None, output_field=IntegerField()))
        .annotate(
            difference=ExpressionWrapper(
                F("counted_today") - F("value"), output_field=IntegerField()
            )
        )
        .select_related("page")
    )


def differing_figures(day: date) -> QuerySet[KeyFact]:
    """Return the figures that differ from the record."""
    return published_figures(day).exclude(Q(difference=0) | Q(difference=None))


class FigureFilterSet(WagtailFilterSet):
    """Filters figures by region, and can include those that agree with the record."""

    region = django_filters.ChoiceFilter(
        label=_("Region"), choices=Region, field_name="page__region"
    )
    show = django_filters.ChoiceFilter(
        label=_("Show"), choices=[("all", _("Include figures that agree"))], method="as_asked"
    )

    class Meta:
        model = KeyFact
        fields = ["region", "show"]

    def as_asked(self, facts: QuerySet[KeyFact], name: str, value: str) -> QuerySet[KeyFact]:
        return facts  # `get_base_queryset` reads this filter.


class PublishedFiguresView(ReportView):
    """Lists published figures that differ from the record, for those who may edit any country."""

    model = KeyFact
    page_title = _("Published figures that differ from the record")
    header_icon = "warning"
    index_url_name = URL_NAME
    index_results_url_name = f"{URL_NAME}_results"
    any_permission_required = ["change"]
    filterset_class = FigureFilterSet
    default_ordering = "page__path"
    export_filename = "published-figures"
    list_export = [
        "page.title",
        "page.get_region_display",
        "value",
        "counted_today",
        "difference",
        "as_of",
        "source",
        "counted",
    ]
    export_headings = {
        "page.title": _("Page"),
        "page.get_region_display": _("Region"),
        "value": _("Published"),
        "counted_today": _("In the record today"),
        "difference": _("Difference"),
    }
    columns = [
        TitleColumn(
            "page",
            label=_("Page"),
            accessor="page.title",
            get_url=lambda fact: reverse("wagtailadmin_pages:edit", args=[fact.page_id]),
        ),
        Column("region", label=_("Region"), accessor="page.get_region_display"),
        NumberColumn("value", label=_("Published"), sort_key="value"),
        NumberColumn("counted_today", label=_("In the record today"), sort_key="counted_today"),
        Column(
            "difference",
            label=_("Difference"),
            accessor=lambda fact: f"{fact.difference:+}" if fact.difference is not None else "",
            sort_key="difference",
        ),
        DayColumn("as_of", label=_("As of"), sort_key="as_of"),
        Column("source", label=_("Source")),
        BooleanColumn("counted", label=_("Visitors see the count")),
    ]

    @cached_property
    def permission_policy(self) -> RecordPolicy:
        policy: RecordPolicy = policy_registry.get_by_type(Country)
        return policy

    def get_base_queryset(self) -> QuerySet[Any]:
        figures = published_figures if self.request.GET.get("show") == "all" else differing_figures
        return figures(today())


class PublishedFiguresItem(MenuItem):
    """Shows the report in the menu to those who may edit any country."""

    def is_shown(self, request: HttpRequest) -> bool:
        return edits_countries(request)


urlpatterns: list[URLPattern] = [
    path("reports/published-figures/", PublishedFiguresView.as_view(), name=URL_NAME),
    path(
        "reports/published-figures/results/",
        PublishedFiguresView.as_view(results_only=True),
        name=f"{URL_NAME}_results",
    ),
]
