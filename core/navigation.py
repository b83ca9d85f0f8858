"""Navigation of a page: menus, breadcrumbs and languages.

Each is queried once per request, and values that all pages share once per worker until they change. All menus take one
query, the languages of the site one, and a page below the first level at most two more: for its ancestors, unless they
are in a menu, and for its translations.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page, Site, get_page_models

from .language import current_language
from .models import BasePage
from .page_cache.memory import recall


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link of a menu. `is_current` marks the section that holds the page, `is_page` the page itself.

    `attributes` are HTML attributes for a title in another language than the visitor's; see `language_attributes`.
    """

    title: str
    url: str
    attributes: str = ""
    is_current: bool = False
    is_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language of the site, with its own name, and the address of this page, or else of the front page, in it.

    `is_translation` is true if the address is a translation of this page. In the tree of a new language, pages are
    aliases with the text of the original until they are translated.
    """

    code: str
    name: str
    direction: str
    url: str
    is_current: bool
    is_translation: bool


class Navigation:
    """The links of a request. Without a page, as in search, they are those of the active language."""

    def __init__(self, request: HttpRequest, page: Page | None = None) -> None:
        self.request = request
        self.page = page

    @classmethod
    def of(cls, request: HttpRequest, page: Page | None = None) -> Self:
        """Return the navigation of this request and page. It is made once per request."""
        known: Self | None = getattr(request, "_coalition_navigation", None)
        if known is None or known.page != page:
            known = cls(request, page)
            request._coalition_navigation = known  # type: ignore[attr-defined]
        return known

    @cached_property
    def language(self) -> str:
        """Return the code of the visitor's language."""
        return current_language()

    @cached_property
    def homes(self) -> dict[str, Page]:
        """Return the front pages by language, published or not, in the order of the settings."""
        site = Site.find_for_request(self.request)
        if site is None:
            return {}
        return recall(("homes", site.pk), lambda: self._query_homes(site))

    def _query_homes(self, site: Site) -> dict[str, Page]:
        translations = Page.objects.filter(translation_key=site.root_page.translation_key)
        by_code = {
            page.locale.language_code: page for page in translations.select_related("locale")
        }
        return {code: by_code[code] for code, _name in settings.LANGUAGES if code in by_code}

    @cached_property
    def home(self) -> Page | None:
        """Return the front page in the visitor's language, or None."""
        return self.homes.get(self.language)

    @cached_property
    def primary(self) -> list[Link]:
        """Return the sections that editors put into the menu, in the order of the tree."""
        return [self._link(page) for page in self._menu_pages if page.is_in_menu]

    @cached_property
    def footer(self) -> list[Link]:
        """Return the pages that editors put into the footer, in the order of the tree."""
        return [self._link(page) for page in self._menu_pages if page.is_in_footer]

    @cached_property
    def ancestors(self) -> list[Page]:
        """Return the ancestors, from the front page down to the parent of the page."""
        if self.page is None or self.home is None or self.page.depth <= self.home.depth:
            return []
        if self.page.depth == self.home.depth + 1:
            return [self.home]
        known = {page.path: page for page in [self.home, *self._menu_pages]}
        paths = [
            self.page.path[: depth * Page.steplen]
            for depth in range(self.home.depth, self.page.depth)
        ]
        if all(path in known for path in paths):  # Most pages are directly below a section.
            return [known[path] for path in paths]
        ancestors = self.page.get_ancestors().filter(depth__gte=self.home.depth)
        return list(ancestors.select_related("alias_of__locale"))

    def breadcrumbs(self, title: str = "", parents: Sequence[tuple[str, str]] = ()) -> list[Link]:
        """Return the links from the front page to this page, which comes last; empty on the front page.

        A view outside the tree passes its `title`, and its `parents` as pairs of title and address.
        """
        if self.page is not None:
            pages = [*self.ancestors, self.page] if self.ancestors else []
            return [self._link(page, title=self._crumb_title(page)) for page in pages]
        if self.home is None or not title:
            return []
        here = Link(title=title, url=self.request.path, is_current=True, is_page=True)
        home = self._link(self.home, title=self._crumb_title(self.home))
        between = [Link(title=str(name), url=str(url), is_current=True) for name, url in parents]
        return [home, *between, here]

    @cached_property
    def languages(self) -> list[Language]:
        """Return the languages that have a published front page."""
        published = {code: home for code, home in self.homes.items() if home.live}
        here = {code: (url, is_copy) for code, url, is_copy in self._in_languages(published)}
        return [
            Language(
                code=code,
                name=get_language_info(code)["name_local"].capitalize(),
                direction="rtl" if get_language_info(code)["bidi"] else "ltr",
                url=here[code][0] if code in here else home.get_url(self.request),
                is_current=code == self.language,
                is_translation=code in here and not here[code][1],
            )
            for code, home in published.items()
        ]

    def _in_languages(self, published: dict[str, Page]) -> Iterator[tuple[str, str, bool]]:
        """Yield code, address and whether the page is an alias, for each language that has this page."""
        if self.page is not None:
            if len(published) < 2 or self.page.depth == 1:
                pages: Any = [self.page]
            elif self.home is not None and self.page.pk == self.home.pk:
                pages = published.values()
            else:
                pages = Page.objects.filter(translation_key=self.page.translation_key).live()
            codes = {home.locale_id: code for code, home in published.items()}
            for page in pages:
                if page.locale_id in codes:
                    is_copy = page.alias_of_id is not None
                    yield codes[page.locale_id], page.get_url(self.request) or "", is_copy
        elif (match := self.request.resolver_match) and match.url_name != "wagtail_serve":
            yield from self._view_in_languages(published)

    def _view_in_languages(self, codes: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
        """Yield the same for a view without a page. A view whose address has no language is in English only."""
        for code in codes:
            url = translate_url(self.request.path, code)
            if url != self.request.path or code == self.language:
                yield code, url, False

    @cached_property
    def _menu_pages(self) -> list[Any]:
        """Return the pages of menu and footer, annotated with `is_in_menu` and `is_in_footer`."""
        home = self.home
        if home is None:
            return []
        return recall(("menu", home.pk), lambda: self._query_menu_pages(home))

    def _query_menu_pages(self, home: Page) -> list[Any]:
        is_in_menu = Q(show_in_menus=True, depth=home.depth + 1)
        pages = (
            Page.objects.descendant_of(home)
            .live()
            .select_related("alias_of__locale")
            .annotate(is_in_menu=is_in_menu, is_in_footer=_shows_in_footer())
        )
        return list(pages.filter(Q(is_in_menu=True) | Q(is_in_footer=True)).order_by("path"))

    def _link(self, page: Page, *, title: str = "") -> Link:
        return Link(
            title=title or page.title,
            attributes="" if title else language_attributes(page),
            url=page.get_url(self.request) or "",
            is_current=self.page is not None and self.page.path.startswith(page.path),
            is_page=self.page is not None and self.page.pk == page.pk,
        )

    def _crumb_title(self, page: Page) -> str:
        # The title of the front page is the name of the Coalition, too long for the first crumb.
        return _("Home") if self.home is not None and page.pk == self.home.pk else ""


def language_attributes(page: Page) -> SafeString:
    """Return ` lang="en" dir="ltr"` for an alias with the text of an original in another language, or an empty text.

    In the tree of a new language, every page is an alias until somebody translates it.
    """
    original = page.alias_of if page.alias_of_id else None
    if original is None or original.locale_id == page.locale_id:
        return SafeString("")
    code = original.locale.language_code
    direction = "rtl" if get_language_info(code)["bidi"] else "ltr"
    return format_html(' lang="{}" dir="{}"', code, direction)


def _shows_in_footer() -> Q:
    # BasePage is abstract, so the field is in the table of each page type. One query joins them.
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    return reduce(or_, (Q((f"{model._meta.model_name}__show_in_footer", True)) for model in models))
