"""Countries in the admin, as a snippet."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from record.models import Country

from . import country_views
from .country_form import edit_handler
from .country_list import CountryFilterSet, CountryIndexView, list_display
from .verification import VerifyView

NEVER = {"copy", "delete"}


class CountryViewSet(SnippetViewSet):
    """Countries, in the menu of those who may edit one. They cannot be copied or deleted."""

    model = Country
    icon = "globe"
    menu_label = _("Countries")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 50
    list_display = list_display
    filterset_class = CountryFilterSet
    export_filename = "countries"
    edit_handler = edit_handler
    index_view_class = CountryIndexView
    edit_view_class = country_views.EditView
    usage_view_class = country_views.UsageView
    history_view_class = country_views.HistoryView
    revisions_compare_view_class = country_views.RevisionsCompareView
    revisions_unschedule_view_class = country_views.RevisionsUnscheduleView
    unpublish_view_class = country_views.UnpublishView
    lock_view_class = country_views.LockView
    unlock_view_class = country_views.UnlockView
    workflow_action_view_class = country_views.WorkflowActionView
    collect_workflow_action_data_view_class = country_views.CollectWorkflowActionDataView
    confirm_workflow_cancellation_view_class = country_views.ConfirmWorkflowCancellationView
    workflow_history_view_class = country_views.WorkflowHistoryView
    workflow_history_detail_view_class = country_views.WorkflowHistoryDetailView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_common_view_kwargs(**kwargs), "delete_url_name": None}

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = [pattern for pattern in super().get_urlpatterns() if pattern.name not in NEVER]
        verify = self.construct_view(VerifyView)
        return [*patterns, path("verify/<int:pk>/", verify, name="verify")]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.exclude(codename="delete_country")
