"""Registers the newsletter with the Wagtail admin: addresses, menu items, permissions, log actions and panels."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.auth import any_permission_required, permission_required
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from core.imports.views import import_urls
from core.menu_items import PermissionMenuItem

from .issues import digest
from .models import IssueIndexPage, IssuePage, Subscriber
from .people import reconfirmation
from .people.imports import services as imports
from .people.imports.importer import SubscriberImporter
from .permissions import (
    MANAGE,
    SEND,
    VIEW_MAILINGS,
    VIEW_SUBSCRIBERS,
    ViewOnlyPolicy,
    may_view_mailings,
)
from .staff.growth import GrowthPanel
from .staff.issues import (
    IssuesItem,
    IssuesView,
    IssueView,
    SendItem,
    audience_view,
    draft_digest_view,
)
from .staff.mailings import MailingsPanel, MailingView, UncertainView, progress_view
from .staff.persons import CorrectView, EndView, EraseView, ExportView, PersonView
from .staff.reconfirmation import ReconfirmationView
from .staff.segments import SegmentViewSet
from .staff.subscribers import MENU, NewsletterGroup

register_permission_policy(Subscriber, ViewOnlyPolicy(Subscriber))


@hooks.register("register_admin_viewset")
def newsletter() -> NewsletterGroup:
    return NewsletterGroup()


@hooks.register("register_admin_viewset")
def segments() -> SegmentViewSet:
    return SegmentViewSet()


@hooks.register("register_admin_urls")
def issue_urls() -> list[URLPattern]:
    may_view = any_permission_required(SEND, VIEW_MAILINGS)
    return [
        path("newsletter/issues/", may_view(IssuesView.as_view()), name="newsletter_issues"),
        path(
            "newsletter/issues/results/",
            may_view(IssuesView.as_view(results_only=True)),
            name="newsletter_issues_results",
        ),
        path(
            "newsletter/issues/<int:page_id>/",
            may_view(IssueView.as_view()),
            name="newsletter_issue",
        ),
        # These check permissions themselves.
        path("newsletter/issues/audience/", audience_view, name="newsletter_audience"),
        path(
            "newsletter/issues/<int:index_id>/digest/",
            draft_digest_view,
            name="newsletter_draft_digest",
        ),
    ]


@hooks.register("register_admin_urls")
def mailing_urls() -> list[URLPattern]:
    may_view = any_permission_required(SEND, VIEW_MAILINGS)
    mailing = "newsletter/mailings/<int:mailing_id>/"
    return [
        path(mailing, may_view(MailingView.as_view()), name="newsletter_mailing"),
        path(f"{mailing}progress/", may_view(progress_view), name="newsletter_progress"),
        path(
            f"{mailing}uncertain/", may_view(UncertainView.as_view()), name="newsletter_uncertain"
        ),
    ]


@hooks.register("register_admin_urls")
def people_urls() -> list[URLPattern]:
    may_send = permission_required(SEND)
    may_manage = permission_required(MANAGE)
    return [
        path("newsletter/person/", may_manage(PersonView.as_view()), name="find_person"),
        *(
            path(
                f"newsletter/person/{view.action}/",
                may_manage(view.as_view()),
                name=f"{view.action}_person",
            )
            for view in (EndView, CorrectView, ExportView, EraseView)
        ),
        *import_urls(SubscriberImporter(), "newsletter/import/"),
        path("newsletter/stay/", may_send(ReconfirmationView.as_view()), name="ask_to_stay"),
    ]


@hooks.register(MENU)
def issues_item() -> MenuItem:
    return IssuesItem(
        _("Issues"), reverse("newsletter_issues"), name="issues", icon_name="mail", order=100
    )


@hooks.register(MENU)
def person_item() -> MenuItem:
    return PermissionMenuItem(
        _("Data requests"),
        reverse("find_person"),
        name="data-requests",
        icon_name="user",
        order=250,
        permission=MANAGE,
    )


@hooks.register(MENU)
def import_item() -> MenuItem:
    return PermissionMenuItem(
        _("Import"),
        reverse(SubscriberImporter.url_name),
        name="import-subscribers",
        icon_name="upload",
        order=400,
        permission=SubscriberImporter.permission,
    )


@hooks.register(MENU)
def reconfirmation_item() -> MenuItem:
    return PermissionMenuItem(
        _("Reconfirm subscribers"),
        reverse("ask_to_stay"),
        name="ask-to-stay",
        icon_name="help",
        order=500,
        permission=SEND,
    )


@hooks.register("register_page_action_menu_item")
def send_item() -> ActionMenuItem:
    return SendItem(order=90)


@hooks.register("register_page_header_buttons")
def send_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if isinstance(page, IssuePage) and user.has_perm(SEND):
        url = reverse("newsletter_issue", args=[page.pk])
        yield Button(_("Check and send"), url=url, icon_name="mail", priority=12)


@hooks.register("register_page_header_buttons")
def draft_digest_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.specific_class is not IssueIndexPage:
        return
    if page.permissions_for_user(user).can_add_subpage():
        yield Button(
            _("Draft from recent news"),
            url=reverse("newsletter_draft_digest", args=[page.pk]),
            icon_name="mail",
            priority=5,
        )


@hooks.register("construct_homepage_panels")
def homepage_panels(request: HttpRequest, panels: list[Component]) -> None:
    if may_view_mailings(request.user):
        panels.append(MailingsPanel())
    if request.user.has_perm(VIEW_SUBSCRIBERS):
        panels.append(GrowthPanel(request))


@hooks.register("register_permissions")
def group_permissions() -> QuerySet[Permission]:
    """Offer these in the form of a group, besides those of the view sets."""
    return Permission.objects.filter(
        content_type__app_label="newsletter",
        codename__in=["send_mailing", "view_mailing", "import_subscriber"],
    )


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for action, label, message in (
        ("newsletter.order", _("Send"), _("Scheduled to send")),
        ("newsletter.pause", _("Pause sending"), _("Paused sending")),
        ("newsletter.resume", _("Resume sending"), _("Resumed sending")),
        ("newsletter.cancel", _("Cancel sending"), _("Cancelled sending")),
        ("newsletter.resend", _("Send uncertain mails again"), _("Sent uncertain mails again")),
        ("newsletter.settle", _("Settle uncertain mails"), _("Settled uncertain mails")),
        (digest.LOG_ACTION, _("Draft from recent news"), _("Drafted from recent news")),
        (imports.LOG_ACTION, _("Import subscribers"), _("Imported subscribers")),
        (reconfirmation.LOG_ACTION, _("Reconfirm subscribers"), _("Reconfirmation requested")),
    ):
        actions.register_action(action, label, message)
