"""What the record adds to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from record.models import Country
from record.permissions import RecordPolicy, edits_countries

from .action_menu import TeamPublishItem, TeamUnpublishItem
from .country_viewset import CountryViewSet
from .group_form import RegionTeamForm
from .home_panel import RecordPanel
from .verification import LOG_ACTION

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
    actions.register_action(LOG_ACTION, _("Mark as verified"), _("Marked as verified"))


@hooks.register("construct_homepage_panels")
def record_panel(request: HttpRequest, panels: list[Component]) -> None:
    if edits_countries(request):
        panels.append(RecordPanel(request))
