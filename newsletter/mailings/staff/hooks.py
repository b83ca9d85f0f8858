"""What sending adds to the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.auth import any_permission_required
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from newsletter.choices import MailingState
from newsletter.models import Delivery, IssuePage, Mailing
from newsletter.permissions import LOOK, SEND
from newsletter.viewsets import MENU

from .issues import IssuesView, IssueView
from .mailing import MailingView, progress_view
from .rights import may_look
from .uncertain import UncertainView

MOST_SHOWN = 5


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    of_lookers = any_permission_required(SEND, LOOK)
    of_mailing = "newsletter/mailings/<int:mailing_id>/"
    return [
        path("newsletter/issues/", of_lookers(IssuesView.as_view()), name="newsletter_issues"),
        path(
            "newsletter/issues/results/",
            of_lookers(IssuesView.as_view(results_only=True)),
            name="newsletter_issues_results",
        ),
        path(
            "newsletter/issues/<int:page_id>/",
            of_lookers(IssueView.as_view()),
            name="newsletter_issue",
        ),
        path(of_mailing, of_lookers(MailingView.as_view()), name="newsletter_mailing"),
        path(f"{of_mailing}progress/", of_lookers(progress_view), name="newsletter_progress"),
        path(
            f"{of_mailing}uncertain/",
            of_lookers(UncertainView.as_view()),
            name="newsletter_uncertain",
        ),
    ]


class IssuesItem(MenuItem):
    """Shown to those who send, or may look."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


@hooks.register(MENU)
def issues_item() -> MenuItem:
    return IssuesItem(
        _("Issues"), reverse("newsletter_issues"), name="issues", icon_name="mail", order=100
    )


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    return Permission.objects.filter(
        content_type__app_label="newsletter", codename__in=["send_mailing", "view_mailing"]
    )


class SendItem(ActionMenuItem):
    """Leads from the form of an issue to its checks."""

    name = "action-send"
    label = _("Check and send …")
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return isinstance(page, IssuePage) and context["request"].user.has_perm(SEND)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("newsletter_issue", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def send_item() -> ActionMenuItem:
    return SendItem(order=90)


@hooks.register("register_page_header_buttons")
def send_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if isinstance(page, IssuePage) and user.has_perm(SEND):
        address = reverse("newsletter_issue", args=[page.pk])
        yield Button(_("Check and send"), url=address, icon_name="mail", priority=12)


@hooks.register("register_log_actions")
def log_mailings(actions: LogActionRegistry) -> None:
    for action, words, past in (
        ("order", _("Send"), _("Scheduled to send")),
        ("pause", _("Pause sending"), _("Paused sending")),
        ("resume", _("Resume sending"), _("Resumed sending")),
        ("cancel", _("Cancel sending"), _("Cancelled sending")),
        ("resend", _("Send uncertain mails again"), _("Sent uncertain mails again")),
        ("settle", _("Settle uncertain mails"), _("Settled uncertain mails")),
    ):
        actions.register_action(f"newsletter.{action}", words, past)


class MailingsPanel(Component):
    """Mailings that have not ended or have uncertain deliveries, on the first page of the admin. One query."""

    name = "mailings"
    template_name = "newsletter/staff/home_panel.html"
    order = 140

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        uncertain = Delivery.objects.filter(mailing=OuterRef("pk")).uncertain()
        mailings = Mailing.objects.annotate(has_uncertain=Exists(uncertain)).filter(
            Q(pk__in=Mailing.objects.cancellable()) | Q(state=MailingState.SENT, has_uncertain=True)
        )
        return {"mailings": mailings[:MOST_SHOWN]}


@hooks.register("construct_homepage_panels")
def mailings_panel(request: HttpRequest, panels: list[Component]) -> None:
    if may_look(request.user):
        panels.append(MailingsPanel())
