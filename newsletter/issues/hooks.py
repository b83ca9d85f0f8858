"""What issues add to the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from newsletter.models import IssueIndexPage

from .audience import audience_view
from .digest import LOG_ACTION
from .digest_views import draft_digest_view


@hooks.register("register_admin_urls")
def issue_urls() -> list[URLPattern]:
    return [
        path("newsletter/issues/audience/", audience_view, name="newsletter_audience"),
        path(
            "newsletter/issues/<int:index_id>/digest/",
            draft_digest_view,
            name="newsletter_draft_digest",
        ),
    ]


@hooks.register("register_page_header_buttons")
def draft_digest_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.specific_class is not IssueIndexPage:
        return
    if page.permissions_for_user(user).can_add_subpage():
        yield Button(
            _("Draft from what is new"),
            url=reverse("newsletter_draft_digest", args=[page.pk]),
            icon_name="mail",
            priority=5,
        )


@hooks.register("register_log_actions")
def drafting(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION, _("Draft from what is new"), _("Drafted from what is new"))
