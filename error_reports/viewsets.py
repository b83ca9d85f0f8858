"""Error reports in the admin. Staff read and close them; only readers add them."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet

from record.choices import Region

from .models import ErrorReport, State
from .permissions import ErrorReportPolicy


class ErrorReportFilterSet(WagtailFilterSet):
    """Filters by state and region."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=State)
    region = django_filters.ChoiceFilter(
        label=_("Region"), field_name="country__region", choices=Region
    )

    class Meta:
        model = ErrorReport
        fields = ["state", "region"]


class ErrorReportIndexView(IndexView):
    """Lists the reports that the user may read."""

    def get_base_queryset(self) -> QuerySet[ErrorReport]:
        reports = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["view", "change", "delete"]
        )
        return reports.select_related("country")


class OfOwnRegion:
    """Refuses the teams of other regions: Wagtail's own views of one object do not check permissions on it."""

    request: HttpRequest
    permission_policy: ErrorReportPolicy

    def get_object(self, *args: Any, **kwargs: Any) -> ErrorReport:
        report: ErrorReport = super().get_object(*args, **kwargs)  # type: ignore[misc]
        user = self.request.user
        actions = ["view", "change"]
        if not self.permission_policy.user_has_any_permission_for_instance(user, actions, report):
            raise PermissionDenied
        return report


class ErrorReportEditView(OfOwnRegion, EditView):
    """Shows a report and closes it."""


class ErrorReportHistoryView(OfOwnRegion, HistoryView):
    """Shows who closed a report, and when."""


class ErrorReportUsageView(OfOwnRegion, UsageView):
    """Wagtail's page of uses, which is empty for a report."""


class ErrorReportViewSet(ModelViewSet):
    """The views of error reports, and their menu item for those who may read them."""

    model = ErrorReport
    name = "error_reports"
    icon = "warning"
    menu_label = _("Error reports")
    menu_order = 510
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ErrorReportIndexView
    edit_view_class = ErrorReportEditView
    history_view_class = ErrorReportHistoryView
    usage_view_class = ErrorReportUsageView
    filterset_class = ErrorReportFilterSet
    ordering = ["-received_at"]
    list_per_page = 50
    list_display = [
        "__str__",
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("received_at", label=_("Received"), sort_key="received_at"),
    ]
    panels = [
        FieldPanel("country", read_only=True),
        FieldPanel("part", read_only=True),
        FieldPanel("message", read_only=True),
        FieldPanel("reply_address", read_only=True),
        FieldPanel("received_at", read_only=True),
        FieldPanel("state"),
    ]
