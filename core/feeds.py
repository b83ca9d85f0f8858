"""The base of the Atom feeds. RFC 4287."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from .blocks.links import address_of
from .metadata import absolute
from .models import BasePage
from .page_cache.site import use_site_roots

MOST_ENTRIES = 30
# The year in which the feeds began, part of their permanent ids. RFC 4151.
SINCE = "2026"

P = TypeVar("P", bound=BasePage)


class AtomFeed(Feed):  # type: ignore[type-arg] # Generic in the stubs only.
    """A feed of the Coalition. `name` is part of its ids and therefore never changes."""

    feed_type = Atom1Feed
    author_name = settings.WAGTAIL_SITE_NAME
    name: ClassVar[str]

    def tag(self, *parts: object) -> str:
        """Return the permanent id of the feed, or of the entry named by the parts. Parts that are None are left out."""
        path = "/".join(str(part) for part in (self.name, *parts) if part is not None)
        return f"tag:{urlsplit(settings.SITE_URL).hostname},{SINCE}:{path}"


class PageFeed(AtomFeed):
    """A feed of pages in the language of its address."""

    def guid_of_feed(self, part: str | None = None) -> str:
        return self.tag(get_language(), part)

    def item_title(self, item: BasePage) -> str:
        return str(item.title)

    def item_description(self, item: BasePage) -> str:
        return item.summary

    def item_link(self, item: BasePage) -> str:
        return absolute(item.url or "")

    def item_guid(self, item: BasePage) -> str:
        return self.tag(get_language(), item.translation_key)

    def item_pubdate(self, item: BasePage) -> datetime | None:
        published: datetime | None = item.first_published_at
        return published

    def item_updateddate(self, item: BasePage) -> datetime | None:
        updated: datetime | None = item.last_published_at
        return updated


def entries(pages: Sequence[P] | Any) -> list[P]:
    """Return the first `MOST_ENTRIES` pages, with their site roots set."""
    found = list(pages[:MOST_ENTRIES])
    use_site_roots(*found)
    return found


def path_of_index(model: type[BasePage]) -> str | None:
    """Return the path of the live index page of this type in the active language, or None."""
    page = model.objects.live().filter(locale__language_code=get_language()).first()
    return address_of(page) if page else None


def front_page() -> str:
    """Return the path of the front page in the active language."""
    return reverse("wagtail_serve", args=[""])
