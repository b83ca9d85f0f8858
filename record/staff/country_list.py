"""The list of countries, with the status of each today and the facts still to be verified."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BaseColumn,
    BulkActionsCheckboxColumn,
    Column,
    NumberColumn,
)
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets

from core.days import today
from core.language import language_codes
from record.choices import Region, Status, UNGroup
from record.imports import PERMISSION
from record.models import Country, CountryQuerySet

VERIFIED_FOR = timedelta(days=365)


class CountryFilterSet(WagtailFilterSet):
    """Filters countries by status today and by work to do."""

    region = django_filters.ChoiceFilter(label=_("Region"), choices=Region)
    status = django_filters.ChoiceFilter(label=_("Status today"), choices=Status)
    leaving = django_filters.ChoiceFilter(
        label=_("Notice of withdrawal"), choices=[("pending", _("Pending"))], method="only_leaving"
    )
    un_group = django_filters.ChoiceFilter(label=_("Regional group"), choices=UNGroup)
    to_do = django_filters.ChoiceFilter(
        label=_("To do"),
        choices=[
            ("unverified", _("Facts to be verified")),
            ("outdated", _("Not verified for a year")),
            ("drafts", _("Unpublished changes")),
        ],
        method="by_to_do",
    )
    focus = django_filters.ChoiceFilter(
        label=_("Focus"), choices=[("this_year", _("This year"))], method="in_focus"
    )

    class Meta:
        model = Country
        fields = ["region", "status", "leaving", "un_group", "to_do", "focus"]

    def only_leaving(self, countries: CountryQuerySet, name: str, value: str) -> CountryQuerySet:
        return countries.leaving()

    def in_focus(self, countries: CountryQuerySet, name: str, value: str) -> CountryQuerySet:
        return countries.filter(ask__isnull=False)

    def by_to_do(self, countries: CountryQuerySet, name: str, value: str) -> QuerySet[Any]:
        return countries.filter(to_do(value))


def to_do(kind: str) -> Q:
    """Return the condition for countries of `for_staff` with work of a kind: `unverified`, `outdated` or `drafts`."""
    return {
        "unverified": Q(unverified__gt=0),
        "outdated": Q(verified_on=None) | Q(verified_on__lt=today() - VERIFIED_FOR),
        "drafts": Q(has_unpublished_changes=True) | Q(live=False),
    }[kind]


class CountryIndexView(snippets.IndexView):
    """Lists the countries that the user may edit or view: a region's team sees those of its region."""

    page_title = _("Countries")
    default_ordering = "name_en"
    list_export = [
        "iso3",
        *(f"name_{code}" for code in language_codes()),
        "get_region_display",
        "get_un_group_display",
        "status",
        "since",
        "leaves_on",
        "unverified",
        "verified_on",
        "live",
        "has_unpublished_changes",
        "national_coalition",
    ]
    export_headings = {
        "get_region_display": _("Region"),
        "get_un_group_display": _("Regional group"),
        "status": _("Status today"),
        "since": _("Since"),
        "leaves_on": _("Withdrawal takes effect"),
        "unverified": _("To be verified"),
    }
    custom_field_preprocess = {
        "status": {name: lambda value: str(Status(value).label) for name in ("csv", "xlsx")}
    }

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = [*super().header_more_buttons]
        if self.request.user.has_perm(PERMISSION):
            address = reverse("import_countries")
            buttons.append(Button(_("Import from a file"), url=address, icon_name="upload"))
        return buttons

    def get_base_queryset(self) -> CountryQuerySet:
        policy = policy_registry.get_by_type(Country)
        mine: CountryQuerySet = policy.instances_user_has_any_permission_for(
            self.request.user, ["change", "view"]
        )
        return mine.for_staff(today())

    def search_queryset(self, queryset: CountryQuerySet) -> CountryQuerySet:
        return queryset.matching(self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[BaseColumn]:
        # There are no bulk actions: countries are never deleted, and each is verified by itself.
        return [
            column
            for column in super().columns
            if not isinstance(column, BulkActionsCheckboxColumn)
        ]

    def _get_title_column(self, *args: Any, **kwargs: Any) -> BaseColumn:
        column = super()._get_title_column(*args, accessor="name", **kwargs)
        column.label = _("Name")
        return column


class DayColumn(Column):
    """Shows a date. Wagtail's `DateColumn` shows the time since then, and "just now" for future dates."""

    def get_value(self, instance: Any) -> str:
        day = super().get_value(instance)
        return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def status_label(country: Any) -> str:
    """Return the label of the status of a country of `for_staff`."""
    return str(Status(country.status).label)


def publication_label(country: Country) -> str:
    """Return the publication state. Wagtail's own text costs a query a row to look for a schedule."""
    if not country.live:
        return gettext("Draft")
    return (
        gettext("Published, with a draft")
        if country.has_unpublished_changes
        else gettext("Published")
    )


list_display = [
    "name_en",
    Column("region", label=_("Region"), accessor="get_region_display", sort_key="region"),
    Column("status", label=_("Status today"), accessor=status_label, sort_key="status"),
    DayColumn("since", label=_("Since"), sort_key="since"),
    DayColumn("leaves_on", label=_("Withdrawal takes effect"), sort_key="leaves_on"),
    NumberColumn("unverified", label=_("To be verified"), sort_key="unverified"),
    DayColumn("verified_on", label=_("Last verified"), sort_key="verified_on"),
    Column("live", label=_("Published"), accessor=publication_label),
]
