"""Wagtail's views of one country, closed to the teams of other regions."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from core.models import User
from record.choices import Cause
from record.models import Country
from record.models.trail import TIME_TO_UNDO, recording
from record.permissions import CountryPolicy


class OfOwnRegion(PermissionCheckedMixin):
    """Asks for the right to change this country. Wagtail's own views ask whether one may change any country at all.

    Who reviews countries in a workflow needs it as well.
    """

    object: Country
    request: HttpRequest

    @property
    def permission_policy(self) -> CountryPolicy:
        if not hasattr(self, "_policy"):
            # What is shown may be a draft, which moves the country.
            stored = Country.objects.filter(pk=self.object.pk).values_list("region", flat=True)
            self._policy = CountryPolicy({self.object.region, *stored})
        return self._policy

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permission_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class EditView(OfOwnRegion, snippets.EditView):
    """The form, from which a country is saved, published and sent to moderation."""

    @property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            Button(
                _("Mark as verified today"),
                url=reverse("wagtailsnippets_record_country:verify", args=[self.object.pk]),
                icon_name="check",
                priority=10,
            ),
        ]


class UsageView(OfOwnRegion, snippets.UsageView):
    """Where the country is used."""


class HistoryView(OfOwnRegion, snippets.HistoryView):
    """The audit log."""


class RevisionsCompareView(OfOwnRegion, snippets.RevisionsCompareView):
    """Two revisions side by side."""


class UnpublishView(OfOwnRegion, snippets.UnpublishView):
    """Takes the country out of the public record, which the trail of changes tells after `TIME_TO_UNDO`."""

    template_name = "record/staff/confirm_unpublish.html"

    def unpublish(self) -> Any:
        with recording(cause=Cause.EDIT, user=cast("User", self.request.user)):
            return super().unpublish()

    def get_success_message(self) -> str:
        until = timezone.localtime(timezone.now() + TIME_TO_UNDO)
        return _(
            "%(country)s is no longer in the public record. If you publish it again before "
            "%(until)s, no list of changes and no newsletter will mention it."
        ) % {"country": self.object, "until": date_format(until, "H:i T")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.object.treaty_actions.count() + self.object.laws.count()
        return {**super().get_context_data(**kwargs), "number": number}


class RevisionsUnscheduleView(OfOwnRegion, snippets.RevisionsUnscheduleView):
    """Takes back a scheduled publication."""


class LockView(OfOwnRegion, snippets.LockView):
    """Locks the form to others."""


class UnlockView(OfOwnRegion, snippets.UnlockView):
    """Unlocks the form."""


class WorkflowActionView(OfOwnRegion, snippets.WorkflowActionView):
    """Approves or rejects from a list of tasks."""


class CollectWorkflowActionDataView(OfOwnRegion, snippets.CollectWorkflowActionDataView):
    """Asks for the reviewer's comment."""


class ConfirmWorkflowCancellationView(OfOwnRegion, snippets.ConfirmWorkflowCancellationView):
    """Asks whether publishing is to end a workflow."""


class WorkflowHistoryView(OfOwnRegion, snippets.WorkflowHistoryView):
    """The workflows that the country went through."""


class WorkflowHistoryDetailView(OfOwnRegion, snippets.WorkflowHistoryDetailView):
    """One of them."""
