"""What the people of the newsletter add to the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from core.imports.views import import_urls
from core.menu_items import PermissionMenuItem
from newsletter.permissions import MANAGE, SEND
from newsletter.viewsets import MENU

from . import reconfirmation, reconfirmation_views
from .growth import GrowthPanel
from .imports.importer import SubscriberImporter
from .imports.services import LOG_ACTION
from .persons import views as person_views
from .segments import SegmentViewSet


@hooks.register("register_admin_viewset")
def segments() -> SegmentViewSet:
    return SegmentViewSet()


@hooks.register("register_admin_urls")
def addresses_of_people() -> list[URLPattern]:
    may_send = permission_required(SEND)
    may_manage = permission_required(MANAGE)
    return [
        path(
            "newsletter/person/", may_manage(person_views.PersonView.as_view()), name="find_person"
        ),
        *(
            path(
                f"newsletter/person/{view.action}/",
                may_manage(view.as_view()),
                name=f"{view.action}_person",
            )
            for view in (
                person_views.EndView,
                person_views.CorrectView,
                person_views.ExportView,
                person_views.EraseView,
            )
        ),
        *import_urls(SubscriberImporter(), "newsletter/import/"),
        path(
            "newsletter/stay/",
            may_send(reconfirmation_views.ReconfirmationView.as_view()),
            name="ask_to_stay",
        ),
    ]


@hooks.register(MENU)
def import_menu_item() -> MenuItem:
    return PermissionMenuItem(
        _("Import"),
        reverse(SubscriberImporter.url_name),
        name="import-subscribers",
        icon_name="upload",
        order=400,
        permission=SubscriberImporter.permission,
    )


@hooks.register(MENU)
def person_menu_item() -> MenuItem:
    return PermissionMenuItem(
        _("Data requests"),
        reverse("find_person"),
        name="data-requests",
        icon_name="user",
        order=250,
        permission=MANAGE,
    )


@hooks.register(MENU)
def reconfirmation_menu_item() -> MenuItem:
    return PermissionMenuItem(
        _("Reconfirm subscribers"),
        reverse("ask_to_stay"),
        name="ask-to-stay",
        icon_name="help",
        order=500,
        permission=SEND,
    )


@hooks.register("register_permissions")
def may_import_subscribers() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    return Permission.objects.filter(
        content_type__app_label="newsletter", codename__in=["import_subscriber", "send_mailing"]
    )


@hooks.register("register_log_actions")
def people_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION, _("Import subscribers"), _("Imported subscribers"))
    actions.register_action(
        reconfirmation.LOG_ACTION, _("Reconfirm subscribers"), _("Reconfirmation requested")
    )


@hooks.register("construct_homepage_panels")
def growth_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("newsletter.view_subscriber"):
        panels.append(GrowthPanel(request))
