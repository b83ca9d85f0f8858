"""Registers the yearly report in the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from .models import Erratum, YearlyReport
from .permissions import ErratumPolicy, ReportPolicy
from .viewsets import FreezeItem, ReportGroup

# Menu items that would publish a draft or unpublish a frozen report.
NOT_FOR_REPORTS = {"action-publish", "action-unpublish"}

register_permission_policy(YearlyReport, ReportPolicy(YearlyReport))
register_permission_policy(Erratum, ErratumPolicy(Erratum))
register_snippet(ReportGroup)


@hooks.register("construct_snippet_action_menu")
def freeze_in_place_of_publish(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    if context["model"] is not YearlyReport:
        return
    items[:] = [item for item in items if item.name not in NOT_FOR_REPORTS]
    freeze = FreezeItem()
    if freeze.is_shown(context):
        items.append(freeze)


@hooks.register("register_permissions")
def may_freeze_reports() -> QuerySet[Permission]:
    """Return the permission to freeze, to be granted to groups."""
    return Permission.objects.filter(
        content_type__app_label="tracker", codename="freeze_yearlyreport"
    )


@hooks.register("register_log_actions")
def freezing(actions: LogActionRegistry) -> None:
    actions.register_action("tracker.freeze", _("Freeze"), _("Frozen and published"))
