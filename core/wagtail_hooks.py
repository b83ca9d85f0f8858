"""What the core adds to Wagtail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler

from .blocks.links import address_of
from .mail_hold import staff as mail_hold_staff  # noqa: F401
from .models.versions import LOG_ACTION as KEEP_VERSION
from .navigation import Navigation
from .page_cache.memory import recall
from .privacy import restrict_copies
from .redirects.middleware import with_query
from .staff_accounts import bulk_actions  # noqa: F401 - registers itself.
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
    """The views that ask for more rights, before those of wagtail-localize at the same addresses."""
    return translation_urls


@hooks.register("register_log_actions")
def kept_versions(actions: LogActionRegistry) -> None:
    actions.register_action(KEEP_VERSION, _("Keep a version"), _("Version kept"))
    actions.register_action(
        SHARE_VALUES,
        _("Copy figures from the original"),
        _("Figures, dates and pictures copied from the original page"),
    )


hooks.register("after_copy_page", restrict_copies)


@hooks.register("before_serve_page")
def serve_under_its_own_language(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Lead from `/fr/...` to the English page while there is no French front page.

    Wagtail would serve the English page there: every page under four addresses, three of which lie about the language.
    """
    home = Navigation.of(request, page).home
    if home is not None and home.locale_id == page.locale_id:
        return None
    return redirect(with_query(page.get_url(request), request.META.get("QUERY_STRING", "")))


class PlainPageLinkHandler(PageLinkHandler):
    """Links in texts, in one query however many kinds of page they lead to: addresses need no kind."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        wanted = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.in_bulk([key for key in wanted if key.isdecimal()])
        return [pages.get(int(key)) if key.isdecimal() else None for key in wanted]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        # As many keys as there are texts with links: the ids are what an editor chose.
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
