"""The report of published figures, in the menu of reports and among the tasks of the first page."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from record.permissions import edits_countries

from .published_figures import URL_NAME, PublishedFiguresView, differing_figures, urlpatterns


@hooks.register("register_admin_urls")
def reports() -> list[URLPattern]:
    return urlpatterns


class PublishedFiguresItem(MenuItem):
    """Shown to those who may edit any country."""

    def is_shown(self, request: HttpRequest) -> bool:
        return edits_countries(request)


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
            "words": gettext("published figures that differ from the record"),
            "url": reverse(URL_NAME),
        }
    )
