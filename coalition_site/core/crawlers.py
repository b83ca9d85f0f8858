"""What search engines are told of the whole site: `/sitemap.xml` and `/robots.txt`."""

from collections import defaultdict
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.query import PageQuerySet

from .metadata import absolute
from .navigation import Navigation

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /search/
Disallow: /*/search/

Sitemap: {sitemap}
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`"""
    return HttpResponse(ROBOTS.format(sitemap=absolute("/sitemap.xml")), content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: every page that anybody may read, in every language that is published."""
    return sitemap_of(request, {"pages": PageSitemap(request)})


class PageSitemap(Sitemap[Page]):
    """Each page with the day it was last published and its translations, in a handful of queries.

    A copy that still has the words of its original is left out, as its canonical link leads there.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> PageQuerySet:
        homes = [home for home in Navigation.of(self.request).homes.values() if home.live]
        pages = Page.objects.none()
        for home in homes:
            pages |= Page.objects.descendant_of(home, inclusive=True)
        return pages.live().public().filter(alias_of=None).select_related("locale").order_by("path")

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        pages = list(self.paginator.page(page).object_list)
        translations: dict[Any, list[dict[str, str]]] = defaultdict(list)
        for item in pages:
            translations[item.translation_key].append(
                {"lang_code": item.locale.language_code, "location": self._location(item)}
            )
        return [
            {
                "item": item,
                "location": self._location(item),
                "lastmod": item.last_published_at,
                "alternates": _alternates(translations[item.translation_key]),
            }
            for item in pages
        ]

    def _location(self, page: Page) -> str:
        return absolute(page.get_url(self.request) or "/")


def _alternates(translations: list[dict[str, str]]) -> list[dict[str, str]]:
    return translations if len(translations) > 1 else []
