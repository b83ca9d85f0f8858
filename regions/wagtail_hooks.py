"""Registers the report of published figures in the Wagtail admin, and refuses second pages of a region or country."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from .models import CountryPage, RegionPage
from .staff.published_figures import (
    URL_NAME,
    PublishedFiguresItem,
    PublishedFiguresView,
    differing_figures,
    urlpatterns,
)


@hooks.register("before_copy_page")
def refuse_second_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to copy pages if that would create a second page of a region or a country, and say why."""
    takes_pages_below = request.method == "POST" and "copy_subpages" in request.POST
    copied = page.get_descendants(inclusive=True) if takes_pages_below else Page.objects.page(page)
    if copied.type(RegionPage).exists():
        reason = gettext(
            "A region has one page in a language, so it is not copied. To translate it, choose Translate."
        )
    elif copied.type(CountryPage).exists():
        reason = gettext(
            "A country has one page in a language, so it is not copied. To translate it, choose Translate."
        )
    else:
        return None
    messages.error(request, reason)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("register_admin_urls")
def reports() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_reports_menu_item")
def published_figures() -> MenuItem:
    return PublishedFiguresItem(
        _("Published figures"),
        reverse(URL_NAME),
        name="published-figures",
        icon_name=PublishedFiguresView.header_icon,
        order=600,
    )


@hooks.register("construct_record_tasks")
def figures_to_correct(tasks: list[dict[str, Any]], today: date) -> None:
    tasks.append(
        {
            "number": differing_figures(today).count(),
            "text": gettext("published figures that differ from the record"),
            "url": reverse(URL_NAME),
        }
    )
