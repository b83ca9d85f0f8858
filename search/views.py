"""Full-text search of the pages in one language."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVectorField,
)
from django.core.paginator import Page as ResultsPage
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.navigation import Navigation
from core.plain_text import on_one_line
from core.search_backend import search_configuration
from news.models import ArticlePage

MAX_LENGTH = 200
PER_PAGE = 10

# Mark matches in results of the database: characters that occur in no text and have no meaning in HTML.
START, STOP = "\ue000", "\ue001"
MATCH = re.compile(f"{START}(.*?){STOP}", re.DOTALL)
# The index joins the blocks of a page with commas, even after a full stop.
COMMA_BETWEEN_BLOCKS = re.compile(rf"(?<=[.!?:;…؟])({STOP}?), ")


@dataclass(frozen=True, kw_only=True)
class Result:
    """A page that matches. Title and excerpt are HTML with the matches in `<mark>`."""

    title: SafeString
    url: str
    excerpt: SafeString
    section: list[str]


def search_view(request: HttpRequest) -> HttpResponse:
    """Serve `/search/?q=&page=`: the pages that match the query, ten at a time."""
    query = on_one_line(request.GET.get("q", ""), longest=MAX_LENGTH)
    navigation = Navigation.of(request)
    paginator = Paginator(find(query, navigation=navigation), PER_PAGE)
    found = paginator.get_page(request.GET.get("page"))
    context = {
        "title": _("Search"),
        "noindex": True,
        "query": query,
        "found": found,
        "results": results(found, navigation=navigation),
        "max_length": MAX_LENGTH,
    }
    response = render(request, "search/search.html", context)
    if query:
        # Searches are private, and rarely the same.
        add_never_cache_headers(response)
    return response


def find(text: str, *, navigation: Navigation) -> PageQuerySet:
    """Return published, public pages in the visitor's language that match, the best first.

    All words must occur. As in other search engines, "quotes" mark phrases, and `or` and `-` work. No input is an
    error. Words in titles count ten times.
    """
    home = navigation.home
    if not text or home is None or not home.live:
        return Page.objects.none()
    configuration = search_configuration(navigation.language)
    query = SearchQuery(text, config=configuration, search_type="websearch")
    vector = CombinedExpression(
        F("index_entries__title"), "||", F("index_entries__body"), output_field=SearchVectorField()
    )
    marks: dict[str, Any] = {"config": configuration, "start_sel": START, "stop_sel": STOP}
    excerpt = SearchHeadline(
        "index_entries__body_text",
        query,
        max_fragments=2,
        max_words=26,
        min_words=12,
        short_word="0",
        fragment_delimiter=" … ",
        **marks,
    )
    return (
        Page.objects.descendant_of(home, inclusive=True)
        .live()
        .public()
        .alias(vector=vector)
        .filter(vector=query)
        .annotate(
            rank=SearchRank(vector, query),
            marked_title=SearchHeadline("title", query, highlight_all=True, **marks),
            marked_excerpt=excerpt,
        )
        .order_by("-rank", "-last_published_at", "pk")
    )


def results(found: ResultsPage[Any], *, navigation: Navigation) -> list[Result]:
    """Return the results to show, in two queries whatever their number."""
    pages = list(found.object_list)
    sections = _sections(pages, navigation=navigation)
    for path, kind in _kinds(pages).items():
        sections[path].append(kind)
    return [
        Result(
            title=_mark(page.marked_title),
            url=page.get_url(navigation.request) or "",
            excerpt=_mark(_elided(COMMA_BETWEEN_BLOCKS.sub(r"\1 ", page.marked_excerpt))),
            section=sections[page.path],
        )
        for page in pages
    ]


def _sections(pages: list[Any], *, navigation: Navigation) -> dict[str, list[str]]:
    """Return, by path of page, the titles of the pages above it, below the front page."""
    if not pages or navigation.home is None:
        return {}
    above = {page.path: _paths_above(page, below_depth=navigation.home.depth) for page in pages}
    paths = {path for paths in above.values() for path in paths}
    titles = dict(Page.objects.filter(path__in=paths).values_list("path", "title")) if paths else {}
    return {path: [titles[parent] for parent in parents] for path, parents in above.items()}


def _kinds(pages: list[Any]) -> dict[str, str]:
    """Return, by path of page, the kind and date of each article."""
    articles = ArticlePage.objects.filter(pk__in=[page.pk for page in pages])
    comma = pgettext("between two words", ", ")
    return {
        article.path: f"{article.get_kind_display()}{comma}{date_format(article.date)}"
        for article in articles.only("path", "kind", "date")
    }


def _paths_above(page: Page, *, below_depth: int) -> list[str]:
    return [page.path[: depth * page.steplen] for depth in range(below_depth + 1, page.depth)]


def _elided(text: str) -> str:
    """Return the text with dots where a sentence is cut."""
    begins_within = text.lstrip(START)[:1].islower()
    ends_within = text.rstrip(STOP)[-1:].isalnum()
    return f"{'… ' if begins_within else ''}{text}{' …' if ends_within else ''}"


def _mark(text: str) -> SafeString:
    """Escape the text and put matches into `<mark>`. A marker without its partner is dropped."""
    marked = MATCH.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(marked.replace(START, "").replace(STOP, ""))  # noqa: S308 - escaped above.
