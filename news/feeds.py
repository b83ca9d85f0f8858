"""The news as Atom feeds: all, and those of a region. Each language has its own."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from coalition_site.core.blocks.links import address_of
from coalition_site.core.metadata import absolute
from coalition_site.core.page_cache.memory import recall
from regions.choices import Region

from .models import ArticlePage, NewsIndexPage

MOST_ENTRIES = 30
# When the feeds began: with the host it makes their ids lasting. RFC 4151.
SINCE = "2026"


class NewsFeed(Feed):  # type: ignore[type-arg] # Generic in the stubs only.
    """The newest articles in the language of the address; of one region if it names one."""

    feed_type = Atom1Feed
    author_name = settings.WAGTAIL_SITE_NAME

    def get_object(self, request: HttpRequest, region: str = "") -> Region | None:
        """The region whose feed it is; none for the feed of all. Raises Http404 for what is no region."""
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
        page = NewsIndexPage.objects.live().filter(locale__language_code=get_language()).first()
        path = address_of(page) if page else reverse("wagtail_serve", args=[""])
        return absolute(f"{path}?{urlencode({'region': region})}" if page and region else path)

    def feed_url(self, region: Region | None) -> str:
        return absolute(feed_address(region))

    def feed_guid(self, region: Region | None) -> str:
        return _tag("/".join(filter(None, ["news", get_language(), region])))

    def items(self, region: Region | None) -> list[ArticlePage]:
        articles = ArticlePage.objects.in_language(get_language() or settings.LANGUAGE_CODE)
        if region:
            articles = articles.in_region(region)
        entries = list(articles.for_list()[:MOST_ENTRIES])
        roots = recall("site root paths", Site.get_site_root_paths)
        for entry in entries:
            # Where Wagtail looks before it asks the shared cache, for each page anew.
            entry._wagtail_cached_site_root_paths = roots
        return entries

    def item_title(self, item: ArticlePage) -> str:
        return item.title

    def item_description(self, item: ArticlePage) -> str:
        return item.summary

    def item_link(self, item: ArticlePage) -> str:
        return absolute(item.url or "")

    def item_guid(self, item: ArticlePage) -> str:
        return _tag(f"news/{get_language()}/{item.translation_key}")

    def item_author_name(self, item: ArticlePage) -> str | None:
        return item.author or None

    def item_categories(self, item: ArticlePage) -> list[str]:
        return [str(item.get_kind_display()), *item.subjects]

    def item_pubdate(self, item: ArticlePage) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: ArticlePage) -> datetime | None:
        return item.last_published_at


def feed_address(region: str | None = None) -> str:
    """The path of a feed in the active language."""
    return reverse("news_region_feed", args=[region]) if region else reverse("news_feed")


def _tag(what: str) -> str:
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{SINCE}:{what}"
