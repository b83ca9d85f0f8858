"""Atom feeds of the news in each language: of all news, and of each region."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.feeds import PageFeed, entries, front_page, path_of_index
from core.language import current_language
from core.metadata import absolute
from record.choices import Region

from .models import ArticlePage, NewsIndexPage


class NewsFeed(PageFeed):
    """The newest articles in the language of the address, of a region if it names one."""

    name = "news"

    def get_object(self, request: HttpRequest, region: str = "") -> Region | None:
        """Return the region of the feed, or None for the feed of all news. Raises Http404 for an unknown region."""
        if not region:
            return None
        try:
            return Region(region)
        except ValueError:
            raise Http404 from None

    def title(self, region: Region | None) -> str:
        if region is None:
            return _("News of the Coalition for the International Criminal Court")
        return _("%(region)s: news of the Coalition for the International Criminal Court") % {
            "region": region.label
        }

    def link(self, region: Region | None) -> str:
        path = path_of_index(NewsIndexPage)
        if path and region:
            path = f"{path}?{urlencode({'region': region})}"
        return absolute(path or front_page())

    def feed_url(self, region: Region | None) -> str:
        return absolute(feed_address(region))

    def feed_guid(self, region: Region | None) -> str:
        return self.guid_of_feed(region)

    def items(self, region: Region | None) -> list[ArticlePage]:
        articles = ArticlePage.objects.in_language(current_language())
        if region:
            articles = articles.in_region(region)
        return entries(articles.for_list())

    def item_author_name(self, item: ArticlePage) -> str | None:
        return item.author or None

    def item_categories(self, item: ArticlePage) -> list[str]:
        return [str(item.get_kind_display()), *item.subjects]


def feed_address(region: str | None = None) -> str:
    """Return the path of a feed in the active language."""
    return reverse("news_region_feed", args=[region]) if region else reverse("news_feed")
