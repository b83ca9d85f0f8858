"""Menus, breadcrumbs and the language switch."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.template import Context, Template, engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Locale, Page, Site

from core.navigation import Language, Link, Navigation
from home.models import HomePage
from regions.models import RegionPage
from tests import factories

NavigationOf = Callable[..., Navigation]


@pytest.fixture
def navigation(rf: RequestFactory, site_tree: HomePage) -> Callable[..., Navigation]:
    def of(page: Page | None = None, path: str = "/") -> Navigation:
        return Navigation(rf.get(path), page)

    return of


def translate(page: Page, code: str, *, live: bool = True) -> Page:
    locale, _ = Locale.objects.get_or_create(language_code=code)
    copy = page.copy_for_translation(locale, copy_parents=True)
    copy.live = live
    copy.save()
    copy.get_ancestors().filter(depth__gt=1).update(live=True)
    return copy


def titles(links: list[Link]) -> list[str]:
    return [link.title for link in links]


def codes(languages: list[Language]) -> list[str]:
    return [language.code for language in languages]


def test_menu_shows_sections_that_editors_chose(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    factories.StandardPageFactory(parent=site_tree, title="Not chosen")
    factories.StandardPageFactory(parent=site_tree, title="Draft", show_in_menus=True, live=False)
    page = RegionPage.objects.first()
    page.show_in_menus = True  # Not a section, but a page below one.
    page.save()
    assert titles(navigation().primary) == ["Where we work", "Wanted: political will"]


def test_menu_marks_the_section_of_the_page(navigation: NavigationOf) -> None:
    region = RegionPage.objects.first()
    where_we_work, campaigns = navigation(region).primary
    assert (where_we_work.is_current, where_we_work.is_page) == (True, False)
    assert not campaigns.is_current
    section = navigation(region.get_parent()).primary[0]
    assert section.is_current
    assert section.is_page


def test_footer_shows_pages_of_any_type_and_depth(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    factories.StandardPageFactory(parent=site_tree, title="Privacy", show_in_footer=True)
    RegionPage.objects.filter(region="africa").update(show_in_footer=True)
    assert titles(navigation().footer) == ["Africa", "Privacy"]


def test_breadcrumbs_lead_from_the_front_page(navigation: NavigationOf) -> None:
    region = RegionPage.objects.get(region="europe")
    crumbs = navigation(region).breadcrumbs()
    assert [(crumb.title, crumb.url) for crumb in crumbs] == [
        ("Home", "/"),
        ("Where we work", "/where-we-work/"),
        ("Europe", "/where-we-work/europe/"),
    ]
    assert crumbs[-1].is_page


def test_front_page_has_no_breadcrumbs(navigation: NavigationOf, site_tree: HomePage) -> None:
    assert navigation(site_tree).breadcrumbs() == []


def test_view_without_a_page_names_its_last_breadcrumb(navigation: NavigationOf) -> None:
    crumbs = navigation(path="/search/").breadcrumbs("Search")
    assert [(crumb.title, crumb.url) for crumb in crumbs] == [("Home", "/"), ("Search", "/search/")]


def test_language_is_offered_once_its_front_page_is_published(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    french = translate(site_tree, "fr", live=False)
    assert codes(navigation(site_tree).languages) == ["en"]
    french.live = True
    french.save()
    english, french_link = navigation(site_tree).languages
    assert english.is_current
    assert (french_link.name, french_link.url, french_link.direction) == ("Français", "/fr/", "ltr")


def test_language_leads_to_the_same_page_or_else_to_the_front_page(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    africa, europe = (RegionPage.objects.get(region=region) for region in ("africa", "europe"))
    translate(europe, "ar")
    arabic = navigation(europe).languages[1]
    assert (arabic.url, arabic.is_translation, arabic.direction) == (
        "/ar/where-we-work/europe/",
        True,
        "rtl",
    )
    arabic = navigation(africa).languages[1]
    assert (arabic.url, arabic.is_translation) == ("/ar/", False)


def test_menu_of_a_translation_stays_in_its_language(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    section = translate(RegionPage.objects.first().get_parent(), "fr")
    with translation.override("fr"):
        (link,) = navigation(section).primary
        crumbs = navigation(section).breadcrumbs()
    assert link.url == "/fr/where-we-work/"
    assert [crumb.url for crumb in crumbs] == ["/fr/", "/fr/where-we-work/"]


def test_number_of_queries_does_not_grow_with_the_tree(
    navigation: NavigationOf, site_tree: HomePage
) -> None:
    translate(RegionPage.objects.first(), "fr")
    for number in range(20):
        factories.StandardPageFactory(
            parent=site_tree, title=f"Page {number}", show_in_menus=True, show_in_footer=True
        )
    region = RegionPage.objects.filter(locale__language_code="en").first()
    Site.get_site_root_paths()  # Wagtail stores them in the shared cache.
    here = navigation(region)
    with CaptureQueriesContext(connection) as queries:
        assert len(here.primary) == 22
        assert len(here.footer) == 20
        assert len(here.breadcrumbs()) == 3
        assert len(here.languages) == 2
    # The site, its front pages, their addresses from the cache, the menus, the translations.
    assert len(queries) == 5, [query["sql"] for query in queries]


def test_tags_query_nothing_without_a_request(site_tree: HomePage) -> None:
    template = engines["django"].from_string(
        "{% load navigation_tags %}{% primary_navigation as a %}{% footer_navigation as b %}"
        "{% breadcrumbs as c %}{% language_links as d %}{{ a }}{{ b }}{{ c }}{{ d }}"
    )
    with CaptureQueriesContext(connection) as queries:
        assert template.render({}) == "[][][][]"
    assert len(queries) == 0


def test_tags_share_one_navigation_a_request(rf: RequestFactory, site_tree: HomePage) -> None:
    source = "{% load navigation_tags %}{% primary_navigation as a %}"
    context = {"request": rf.get("/"), "page": site_tree}
    Template(source).render(Context(context))
    with CaptureQueriesContext(connection) as queries:
        Template(source).render(Context(context))
    assert len(queries) == 0


def test_a_view_names_its_parent_views(client: Client, site_tree: HomePage) -> None:
    html = client.get("/tracker/data-dictionary/").text
    (trail,) = re.findall(r'<nav class="wrap breadcrumbs".*?</nav>', html, re.DOTALL)
    assert re.findall(r'href="([^"]*)"', trail) == ["/", "/tracker/"]
    assert html.count('"@type": "ListItem"') == 3
