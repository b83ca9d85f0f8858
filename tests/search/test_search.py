"""The search, as visitors use it."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page, PageViewRestriction, Site

from home.models import HomePage, StandardPage
from regions.models import RegionPage
from tests import factories

pytestmark = pytest.mark.usefixtures("search_index")


def search(client: Client, words: str, *, page: str = "1", language: str = "") -> str:
    prefix = f"/{language}" if language else ""
    response = client.get(f"{prefix}/search/?{urlencode({'q': words, 'page': page})}")
    assert response.status_code == 200
    return response.text


def found(html: str) -> list[str]:
    """Return the titles of the results, without highlighting."""
    titles = re.findall(r'<h3 class="search-result__title"><a [^>]*>(.*?)</a>', html, re.DOTALL)
    return [re.sub(r"</?mark>", "", title) for title in titles]


def write(parent: Page, title: str, text: str, **fields: object) -> StandardPage:
    body = json.dumps([{"type": "text", "value": text}])
    return factories.StandardPageFactory.create(parent=parent, title=title, body=body, **fields)


def test_words_are_found_in_other_inflections(client: Client, home_page: HomePage) -> None:
    write(home_page, "Warrants", "<p>The Court <b>issued</b> a warrant for his arrest.</p>")
    write(home_page, "Budget", "<p>What a year of justice costs.</p>")
    html = search(client, "issue arrests")
    assert found(html) == ["Warrants"]
    assert "The Court <mark>issued</mark> a warrant for his <mark>arrest</mark> …" in html
    assert "1 page found" in html


def test_accents_may_be_left_out(client: Client, home_page: HomePage) -> None:
    write(home_page, "Côte d’Ivoire", "<p>Türkiye</p>")
    assert found(search(client, "Cote d'Ivoire")) == ["Côte d’Ivoire"]
    assert found(search(client, "turkiye")) == ["Côte d’Ivoire"]


def test_page_with_the_word_in_its_title_comes_first(client: Client, home_page: HomePage) -> None:
    write(home_page, "About", "<p>" + "Victims take part. Victims are heard. " * 5 + "</p>")
    write(home_page, "Victims", "<p>How they take part.</p>")
    write(home_page, "Contact", "<p>For victims too.</p>")
    assert found(search(client, "victims"))[0] == "Victims"


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "Les États ont coopéré avec les Cours pénales.", "etat coopérer cour penale"),
        ("es", "Las víctimas participarán en los juicios.", "victima participar"),
        ("ar", "تتعاون الدول مع المحكمة الجنائية الدولية ICC.", "محكمة دولية icc"),
    ],
)
def test_each_language_has_its_own_rules(
    client: Client, home_page: HomePage, language: str, text: str, words: str
) -> None:
    home = translate_front_page(home_page, language)
    write(home, "Page", f"<p>{text}</p>", locale=home.locale)
    write(home_page, "English", f"<p>{text}</p>")
    html = search(client, words, language=language)
    assert found(html) == ["Page"]
    assert f'href="/{language}/page/"' in html


def test_pages_that_are_not_public_are_not_found(client: Client, home_page: HomePage) -> None:
    write(home_page, "Draft", "<p>secret</p>", live=False)
    private = write(home_page, "Private", "<p>secret</p>")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    write(private, "Under a private page", "<p>secret</p>")
    assert found(search(client, "secret")) == []
    assert "0 pages found" in search(client, "secret")


def test_language_without_a_front_page_finds_nothing(client: Client, home_page: HomePage) -> None:
    home = home_page.copy_for_translation(Locale.objects.get(language_code="fr"))
    write(home, "Page", "<p>secret</p>", locale=home.locale)
    assert found(search(client, "secret", language="fr")) == []


def test_unpublished_changes_are_not_found(client: Client, home_page: HomePage) -> None:
    page = write(home_page, "Page", "<p>published</p>")
    page.body = json.dumps([{"type": "text", "value": "<p>unpublished</p>"}])
    page.save_revision()
    assert found(search(client, "unpublished")) == []
    page.get_latest_revision().publish()
    assert found(search(client, "unpublished")) == ["Page"]


def test_text_of_a_page_is_shown_as_text(client: Client, home_page: HomePage) -> None:
    write(
        home_page,
        "Rights & <duties> of victims",
        "<p>Victims &lt;script&gt;alert(1)&lt;/script&gt; \ue000 &amp; \ue001 rights</p>",
    )
    html = search(client, "victims")
    assert "<script>alert" not in html
    assert "Rights &amp; &lt;duties&gt; of <mark>victims</mark>" in html


def test_result_names_its_section(client: Client, site_tree: HomePage) -> None:
    RegionPage.objects.get(region="europe").save()
    html = search(client, "europe")
    assert found(html) == ["Europe"]
    assert '<p class="kicker">Where we work</p>' in html


def test_results_are_divided_into_pages(client: Client, home_page: HomePage) -> None:
    for number in range(23):
        write(home_page, f"Warrant {number}", "<p>text</p>")
    first, last = search(client, "warrant"), search(client, "warrant", page="3")
    assert len(found(first)) == 10
    assert len(found(last)) == 3
    assert 'rel="next" href="/search/?q=warrant&amp;page=2"' in first
    assert 'rel="next"' not in last
    assert not set(found(first)) & set(found(last))
    assert found(search(client, "warrant", page="999")) == found(last)
    assert found(search(client, "warrant", page="-1' or")) == found(first)


def test_number_of_queries_does_not_grow_with_the_results(
    client: Client, site_tree: HomePage
) -> None:
    write(site_tree, "Warrant", "<p>Warrant</p>")
    search(client, "warrant")  # Wagtail keeps the addresses of the site in the shared cache.
    with CaptureQueriesContext(connection) as before:
        assert len(found(search(client, "warrant"))) == 1
    for number in range(9):
        write(RegionPage.objects.order_by("?").first(), f"Warrant {number}", "<p>Warrant</p>")
    with CaptureQueriesContext(connection) as after:
        assert len(found(search(client, "warrant"))) == 10
    # One more query: for the titles of sections, which the first result does not have.
    assert len(after) <= len(before) + 1 <= 11


def test_empty_search_asks_for_a_query(client: Client, home_page: HomePage) -> None:
    for html in (search(client, ""), search(client, "  \x00 "), client.get("/search/").text):
        assert "found" not in html
        assert 'name="q" value=""' in html


def test_results_are_kept_out_of_search_engines_and_caches(
    client: Client, home_page: HomePage
) -> None:
    response = client.get("/search/?q=court")
    assert '<meta name="robots" content="noindex">' in response.text
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    "words",
    [
        "the",
        "''' & | ! <-> (",
        "\\",
        "%",
        "a" * 100_000,
        "court & " * 5_000,
        "<b>",
        "-",
        '"',
        "\ud800",
    ],
)
def test_hostile_queries_are_only_text(client: Client, home_page: HomePage, words: str) -> None:
    response = client.get("/search/", {"q": words.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert "<b>" not in response.text


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=60))
def test_any_query_gets_a_response(client: Client, home_page: HomePage, words: str) -> None:
    assert client.get("/search/", {"q": words.encode("utf-8", "replace")}).status_code == 200


def translate_front_page(home_page: HomePage, language: str) -> Page:
    copy = home_page.copy_for_translation(Locale.objects.get(language_code=language))
    Page.objects.filter(pk=copy.pk).update(live=True)
    Site.get_site_root_paths()
    return Page.objects.get(pk=copy.pk)
