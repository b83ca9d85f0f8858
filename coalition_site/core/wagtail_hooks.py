"""What the core adds to Wagtail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from .navigation import Navigation


@hooks.register("register_account_menu_item")
def second_factor(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Second step of signing in"),
        "help_text": _("Authenticator app, security keys and recovery codes."),
    }


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
    return redirect(page.get_url(request))
