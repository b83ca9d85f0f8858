"""Registers the record in the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from core.imports.views import import_urls
from core.menu_items import PermissionMenuItem

from .imports.importer import ImportFormatter, RecordImporter
from .imports.services import LOG_ACTION, PERMISSION
from .models import Country
from .permissions import RecordPolicy, edits_countries
from .staff.country_viewset import CountryViewSet
from .staff.home_panel import RecordPanel
from .staff.region_teams import RegionTeamForm, TeamPublishItem, TeamUnpublishItem
from .staff.verification import LOG_ACTION as VERIFICATION

register_permission_policy(Country, RecordPolicy(Country))
register_snippet(CountryViewSet)


@hooks.register("register_group_permission_panel")
def regions_of_a_group() -> type[RegionTeamForm]:
    return RegionTeamForm


@hooks.register("register_snippet_action_menu_item")
def publish_for_teams(model: type[Any]) -> ActionMenuItem | None:
    return TeamPublishItem(order=30) if model is Country else None


@hooks.register("register_snippet_action_menu_item")
def unpublish_for_teams(model: type[Any]) -> ActionMenuItem | None:
    return TeamUnpublishItem(order=20) if model is Country else None


@hooks.register("register_log_actions")
def verification(actions: LogActionRegistry) -> None:
    actions.register_action(VERIFICATION, _("Mark as verified"), _("Marked as verified"))


@hooks.register("construct_homepage_panels")
def record_panel(request: HttpRequest, panels: list[Component]) -> None:
    if edits_countries(request):
        panels.append(RecordPanel(request))


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern]:
    return import_urls(RecordImporter(), "record/import/")


@hooks.register("register_settings_menu_item")
def import_menu_item() -> MenuItem:
    return PermissionMenuItem(
        RecordImporter.title,
        reverse(RecordImporter.url_name),
        icon_name="upload",
        order=900,
        permission=PERMISSION,
    )


@hooks.register("register_permissions")
def may_import() -> QuerySet[Permission]:
    """Return the permission to import, to be granted to groups."""
    app, codename = PERMISSION.split(".")
    return Permission.objects.filter(content_type__app_label=app, codename=codename)


@hooks.register("register_log_actions")
def log_imports(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION)(ImportFormatter)
