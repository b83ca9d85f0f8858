"""Hooks that add the hold on mail to the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from .services import RELEASE
from .staff import MailHoldPanel, MailHoldView


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [path("mail-hold/", MailHoldView.as_view(), name="mail_hold")]


@hooks.register("register_permissions")
def right() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    return Permission.objects.filter(content_type__app_label="core", codename="release_mail")


@hooks.register("register_log_actions")
def log_release(actions: LogActionRegistry) -> None:
    actions.register_action(
        RELEASE, _("Allow a restored site to send mail"), _("Release held mail")
    )


@hooks.register("construct_homepage_panels")
def mail_hold_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(MailHoldPanel())
