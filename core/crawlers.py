"""`/sitemap.xml` and `/robots.txt`, for search engines."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
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
    """Serve `/robots.txt`."""
    return HttpResponse(ROBOTS.format(sitemap=absolute("/sitemap.xml")), content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest, views: Sequence[str] = ()) -> HttpResponse:
    """Serve `/sitemap.xml`: every public page in every published language.

    `views` holds the names of further views, which are not in the page tree.
    """
    sitemaps: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
        "pages": PageSitemap(request),
        "views": ViewSitemap(request, views),
    }
    return sitemap_of(request, sitemaps)


class PageSitemap(Sitemap[Page]):
    """Each page with its last publication and its translations, in a few queries.

    Aliases are left out: they show the text of their original, to which their canonical link leads.
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


class ViewSitemap(Sitemap[str]):
    """Views outside the page tree, in each language that has a published front page."""

    def __init__(self, request: HttpRequest, names: Sequence[str]) -> None:
        self.request = request
        self.names = names

    def items(self) -> Sequence[str]:
        return self.names

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        homes = Navigation.of(self.request).homes
        languages = [language for language, home in homes.items() if home.live]
        urls = []
        for name in self.names:
            locations: dict[str, str] = {}
            for language in languages:
                # A view without a language in its address is listed once.
                locations.setdefault(_location_in(language, name), language)
            translations = [
                {"lang_code": language, "location": location}
                for location, language in locations.items()
            ]
            urls += [
                {"location": one["location"], "alternates": _alternates(translations)}
                for one in translations
            ]
        return urls


def _location_in(language: str, name: str) -> str:
    with override(language):
        return absolute(reverse(name))


def _alternates(translations: list[dict[str, str]]) -> list[dict[str, str]]:
    return translations if len(translations) > 1 else []
