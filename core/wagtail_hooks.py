"""Hooks of core: the admin, pages as they are served, and rich text."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from .blocks.links import address_of
from .mail_hold import viewsets as mail_hold
from .mail_hold.services import RELEASE
from .models.versions import LOG_ACTION as KEEP_VERSION
from .navigation import Navigation
from .page_cache.memory import recall
from .privacy import restrict_copies
from .redirects.middleware import with_query
from .staff_accounts.viewsets import BULK_ACTIONS
from .translations.sharing import LOG_ACTION as SHARE_VALUES
from .translations.views import urlpatterns as translation_urls


@hooks.register("register_account_menu_item")
def second_factor(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Second step of signing in"),
        "help_text": _("Authenticator app, security keys and recovery codes."),
    }


@hooks.register("register_admin_urls", order=-1)
def translation_views() -> list[URLPattern]:
    """Return the views that check more permissions than those of wagtail-localize at the same addresses."""
    return translation_urls


@hooks.register("insert_global_admin_js")
def watch_session() -> SafeString:
    """Return the script that tells an open form when its session has ended."""
    return render_to_string("sign_in/session.html")


# After Wagtail's own actions, which they replace: the last one with a name counts.
for action in BULK_ACTIONS:
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_admin_urls")
def mail_hold_view() -> list[URLPattern]:
    return [path("mail-hold/", mail_hold.MailHoldView.as_view(), name="mail_hold")]


@hooks.register("register_permissions")
def release_permission() -> QuerySet[Permission]:
    """Offer the permission to release mail in the form for groups."""
    return Permission.objects.filter(content_type__app_label="core", codename="release_mail")


@hooks.register("construct_homepage_panels")
def mail_hold_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(mail_hold.MailHoldPanel())


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(KEEP_VERSION, _("Keep a version"), _("Version kept"))
    actions.register_action(
        SHARE_VALUES,
        _("Copy figures from the original"),
        _("Figures, dates and pictures copied from the original page"),
    )
    actions.register_action(
        RELEASE, _("Allow a restored site to send mail"), _("Release held mail")
    )


hooks.register("after_copy_page", restrict_copies)


@hooks.register("before_serve_page")
def serve_under_its_own_language(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Redirect from `/fr/...` to the English page while there is no French front page.

    Wagtail would serve the English page there: every page under four addresses, three of them in the wrong language.
    """
    home = Navigation.of(request, page).home
    if home is not None and home.locale_id == page.locale_id:
        return None
    return redirect(with_query(page.get_url(request), request.META.get("QUERY_STRING", "")))


class PlainPageLinkHandler(PageLinkHandler):
    """Resolves links in rich text in one query, whatever the types of their pages: an address needs no type."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        wanted = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.in_bulk([key for key in wanted if key.isdecimal()])
        return [pages.get(int(key)) if key.isdecimal() else None for key in wanted]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        # There are only as many keys as texts with links, since editors choose the ids.
        ids = tuple(attrs.get("id", "") for attrs in attrs_list)
        return recall(("links to", ids, get_language()), lambda: cls._tags(attrs_list))

    @classmethod
    def _tags(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [
            f'<a href="{escape(address_of(page))}">' if page else "<a>"
            for page in cls.get_many(attrs_list)
        ]


@hooks.register("register_rich_text_features", order=1)
def page_links(features: FeatureRegistry) -> None:
    features.register_link_type(PlainPageLinkHandler)
