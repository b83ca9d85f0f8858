"""Metadata of pages for search engines and social networks: addresses, description, picture, structured data."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from .models import BasePage, CoalitionRendition, SiteSettings
from .navigation import Navigation

logger = logging.getLogger(__name__)

SOCIAL_IMAGE = (
    "fill-1200x630|format-jpeg"  # The size that networks require; not all of them read WebP.
)

# As in Django's json_script, so that no text can close the element or open a comment.
SCRIPT_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def absolute(address: str) -> str:
    """Return the address with the site's scheme and host, unless it has its own."""
    return urljoin(f"{settings.SITE_URL}/", address)


def json_ld(graph: list[dict[str, Any]]) -> SafeString:
    """Return structured data as the content of a script element. https://schema.org"""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(SCRIPT_ESCAPES))  # noqa: S308 - no markup is left in it.


@dataclass(frozen=True, kw_only=True)
class Alternate:
    """The address of the same page in a language, or for `x-default`, all other languages."""

    code: str
    url: str


@dataclass
class Metadata:
    """The metadata of a response. A view without a page passes its title and, if any, its description."""

    request: HttpRequest
    page: Page | None = None
    view_title: str = ""
    view_description: str = ""
    view_parents: Sequence[tuple[str, str]] = ()
    noindex: bool = False
    navigation: Navigation = field(init=False)

    def __post_init__(self) -> None:
        self.navigation = Navigation.of(self.request, self.page)

    @cached_property
    def site_settings(self) -> SiteSettings:
        return SiteSettings.for_request(self.request)

    @property
    def title(self) -> str:
        return self.page.seo_title or self.page.title if self.page else self.view_title

    @property
    def description(self) -> str:
        return self.page.description if isinstance(self.page, BasePage) else self.view_description

    @property
    def is_front_page(self) -> bool:
        home = self.navigation.home
        return self.page is not None and home is not None and self.page.pk == home.pk

    @property
    def is_indexed(self) -> bool:
        """Return whether search engines may list the page: not errors, previews or views without a title."""
        return (
            bool(self.title) and not self.noindex and not getattr(self.request, "is_preview", False)
        )

    @cached_property
    def canonical(self) -> str:
        """Return the canonical address, without a query string; of an alias, that of its original."""
        if self.page is None:
            return absolute(self.request.path)
        page = self.page.alias_of or self.page
        return absolute(page.get_url(self.request) or self.request.path)

    @cached_property
    def alternates(self) -> list[Alternate]:
        """Return the page in each of its published languages; empty if there is only one."""
        translations = [
            Alternate(code=language.code, url=absolute(language.url))
            for language in self.navigation.languages
            if language.is_translation
        ]
        if len(translations) < 2:
            return []
        # The languages come in the order of the settings, the default first.
        return [*translations, Alternate(code="x-default", url=translations[0].url)]

    @cached_property
    def image(self) -> CoalitionRendition | None:
        """Return the page's own picture, or else the site's, at 1200 × 630 pixels."""
        own = self.page.picture if isinstance(self.page, BasePage) else None
        image = own or self.site_settings.social_image
        if image is None:
            return None
        try:
            return image.get_rendition(SOCIAL_IMAGE)
        except SourceImageIOError:
            logger.warning("social_image.unreadable", extra={"image": image.pk})
            return None

    @property
    def image_url(self) -> str:
        return absolute(self.image.url) if self.image else ""

    @cached_property
    def structured_data(self) -> SafeString:
        """Return JSON-LD: the organisation on the front page; elsewhere the breadcrumbs and the subject of the page."""
        graph = self._site_graph() if self.is_front_page else self._page_graph()
        return json_ld(graph) if graph else SafeString("")

    def _site_graph(self) -> list[dict[str, Any]]:
        organisation: dict[str, Any] = {
            "@type": "Organization",
            "@id": absolute("/#organization"),
            "name": self.site_settings.organisation_name,
            "url": absolute("/"),
            "logo": absolute(static("img/mark-512.png")),
        }
        if self.site_settings.address:
            organisation["address"] = self.site_settings.address
        if links := self.site_settings.links:
            organisation["sameAs"] = [link.url for link in links]
        website = {
            "@type": "WebSite",
            "@id": absolute("/#website"),
            "name": self.site_settings.organisation_name,
            "url": self.canonical,
            "inLanguage": self.navigation.language,
            "publisher": {"@id": absolute("/#organization")},
            "potentialAction": {
                "@type": "SearchAction",
                "target": absolute(reverse("search")) + "?q={search_term_string}",
                "query-input": "required name=search_term_string",
            },
        }
        return [organisation, website]

    def _page_graph(self) -> list[dict[str, Any]]:
        return [*self._breadcrumb_graph(), *self._subject_graph()]

    def _subject_graph(self) -> list[dict[str, Any]]:
        data = self.page.structured_data if isinstance(self.page, BasePage) else {}
        if not data:
            return []
        subject = {
            "name": self.title,
            "url": self.canonical,
            "inLanguage": self.navigation.language,
            **data,
        }
        if self.image:
            subject["image"] = self.image_url
        return [subject]

    def _breadcrumb_graph(self) -> list[dict[str, Any]]:
        crumbs = self.navigation.breadcrumbs(self.view_title, self.view_parents)
        if not crumbs:
            return []
        items = [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.title,
                "item": absolute(crumb.url),
            }
            for position, crumb in enumerate(crumbs, start=1)
        ]
        return [{"@type": "BreadcrumbList", "itemListElement": items}]
