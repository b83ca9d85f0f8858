"""Reports and errata in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Erratum, YearlyReport
from .permissions import may_freeze
from .reports.services import AlreadyFrozenError, add_erratum, freeze

REPORTS = "wagtailsnippets_tracker_yearlyreport"


def state_of(report: YearlyReport) -> str:
    """Return the state of a report: a draft, or frozen on a day."""
    if report.frozen is None:
        return _("Draft")
    return _("Frozen on %(day)s") % {"day": date_format(report.frozen.frozen_at)}


class OnlyWhileDraft:
    """Redirects from a view that changes a report to the one that shows it, once it is frozen."""

    request: HttpRequest
    object: YearlyReport

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if YearlyReport.objects.filter(pk=self.object.pk, frozen__isnull=False).exists():
            return redirect(f"{REPORTS}:inspect", self.object.pk)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class EditView(OnlyWhileDraft, snippets.EditView):
    """Edits a draft."""


class DeleteView(snippets.DeleteView):
    """Deletes a draft."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        report = get_object_or_404(YearlyReport, pk=kwargs["pk"])
        if report.frozen_id:
            return redirect(f"{REPORTS}:inspect", report.pk)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class InspectView(snippets.InspectView):
    """Shows a report with its public address and its frozen record."""

    any_permission_required = ["add", "change", "view"]

    def get_fields_context(self) -> list[dict[str, Any]]:
        report: YearlyReport = self.object
        fields: list[dict[str, Any]] = [*super().get_fields_context()]
        fields.append({"label": _("State"), "value": state_of(report), "component": None})
        if report.frozen:
            fields += [
                {"label": _("Address"), "value": report.full_url, "component": None},
                {"label": _("Record"), "value": report.frozen.data["record"], "component": None},
                {
                    "label": _("PDF"),
                    "value": ", ".join(str(file) for file in report.files.all()) or _("being made"),
                    "component": None,
                },
                {
                    "label": _("Errata"),
                    "value": report.frozen.errata.count(),
                    "component": None,
                },
            ]
        return fields


class FreezeView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for confirmation, then freezes and publishes the report."""

    template_name = "tracker/staff/freeze.html"
    page_title = gettext_lazy("Freeze and publish")
    header_icon = "lock"

    def setup(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.report = get_object_or_404(YearlyReport, pk=pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = policy_registry.get(self.report)
        if not policy.user_has_permission(request.user, "freeze"):
            raise PermissionDenied
        if self.report.frozen_id:
            messages.error(request, _("This report is already frozen."))
            return redirect(f"{REPORTS}:inspect", self.report.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.draft)

    @property
    def draft(self) -> YearlyReport:
        """The report with its latest draft."""
        draft: YearlyReport = self.report.get_latest_revision_as_object()
        return draft

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "report": self.draft,
            "edit_url": reverse(f"{REPORTS}:edit", args=[self.report.pk]),
            "errors": kwargs.get("errors", []),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            report = freeze(report_id=self.report.pk, user=request.user)  # type: ignore[arg-type]
        except AlreadyFrozenError:
            messages.error(request, _("This report is already frozen."))
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages)
            return self.render_to_response(context, status=422)
        else:
            log(instance=report, action="tracker.freeze", user=request.user)
            messages.success(
                request, _("The report is frozen and published. Its PDF is being made.")
            )
        return redirect(f"{REPORTS}:inspect", self.report.pk)


class FreezeItem(ActionMenuItem):
    """Leads to the confirmation of freezing, in place of Wagtail's “Publish”."""

    name = "action-freeze"
    label = gettext_lazy("Freeze and publish …")
    icon_name = "lock"
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        report = context.get("instance")
        return report is not None and may_freeze(context["request"].user, report)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse(f"{REPORTS}:freeze", args=[parent_context["instance"].pk])


class YearlyReportViewSet(SnippetViewSet):
    """Reports: drafts can be edited, frozen ones only viewed."""

    model = YearlyReport
    icon = "doc-full"
    menu_label = gettext_lazy("Reports")
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["year", "day", "title"]
    edit_view_class = EditView
    delete_view_class = DeleteView
    inspect_view_class = InspectView
    list_display = [
        "title",
        Column("year", label=gettext_lazy("Year"), sort_key="year"),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
    ]
    ordering = ["-year"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return YearlyReport.objects.select_related("frozen")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("freeze/<int:pk>/", FreezeView.as_view(), name="freeze"),
        ]


class AddErratumView(snippets.CreateView):
    """Adds an erratum, and orders new PDFs."""

    def save_instance(self) -> Erratum:
        erratum = add_erratum(erratum=self.form.save(commit=False), user=self.request.user)
        log(instance=erratum, action="wagtail.create", user=self.request.user)
        return erratum


class ErratumViewSet(SnippetViewSet):
    """Errata, which can be added and viewed."""

    model = Erratum
    icon = "warning"
    menu_label = gettext_lazy("Errata")
    copy_view_enabled = False
    inspect_view_enabled = True
    add_view_class = AddErratumView
    list_display = [
        TitleColumn(
            "record",
            label=gettext_lazy("Report"),
            url_name="wagtailsnippets_tracker_erratum:inspect",
        ),
        DateColumn("day", label=gettext_lazy("Day")),
        "text",
    ]


class ReportGroup(SnippetViewSetGroup):
    """Reports and errata under one entry of the menu."""

    menu_label = gettext_lazy("Yearly report")
    menu_icon = "doc-full"
    menu_order = 310
    items = (YearlyReportViewSet, ErratumViewSet)
