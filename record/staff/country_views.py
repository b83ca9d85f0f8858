"""Wagtail's views of one country, restricted to those who may change that country."""

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
    """Requires permission to change this country. Wagtail's own views require permission to change any country.

    Reviewers in a workflow need it as well.
    """

    object: Country
    request: HttpRequest

    @property
    def permission_policy(self) -> CountryPolicy:
        if not hasattr(self, "_policy"):
            # The object may be a draft that moves the country to another region.
            stored = Country.objects.filter(pk=self.object.pk).values_list("region", flat=True)
            self._policy = CountryPolicy({self.object.region, *stored})
        return self._policy

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permission_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class EditView(OfOwnRegion, snippets.EditView):
    """Edits a country, publishes it or submits it to moderation."""

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
    """Lists what refers to the country."""


class HistoryView(OfOwnRegion, snippets.HistoryView):
    """Shows the audit log."""


class RevisionsCompareView(OfOwnRegion, snippets.RevisionsCompareView):
    """Compares two revisions."""


class UnpublishView(OfOwnRegion, snippets.UnpublishView):
    """Removes the country from the public record. The trail of changes shows that after `TIME_TO_UNDO`."""

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
    """Cancels a scheduled publication."""


class LockView(OfOwnRegion, snippets.LockView):
    """Locks the country against edits by others."""


class UnlockView(OfOwnRegion, snippets.UnlockView):
    """Unlocks the country."""


class WorkflowActionView(OfOwnRegion, snippets.WorkflowActionView):
    """Approves or rejects a workflow task."""


class CollectWorkflowActionDataView(OfOwnRegion, snippets.CollectWorkflowActionDataView):
    """Collects the reviewer's comment."""


class ConfirmWorkflowCancellationView(OfOwnRegion, snippets.ConfirmWorkflowCancellationView):
    """Confirms that publishing cancels a workflow."""


class WorkflowHistoryView(OfOwnRegion, snippets.WorkflowHistoryView):
    """Lists the workflows of the country."""


class WorkflowHistoryDetailView(OfOwnRegion, snippets.WorkflowHistoryDetailView):
    """Shows one workflow."""
