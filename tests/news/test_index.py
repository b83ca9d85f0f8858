"""The list of news, filtered by the query string."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from campaigns.choices import Topic
from news.choices import Kind
from news.models import PER_PAGE, NewsIndexPage
from record.choices import Region
from tests import factories
from tests.html import parse


def titles(html: str) -> list[str]:
    """Return the titles in the list, in its order."""
    main = parse(html).find("main")
    items = [item for item in main.find_all("li") if "news-item" in item.get("class", "")]
    return [item.find("h3").text for item in items]


@pytest.fixture
def articles(news_index: NewsIndexPage) -> None:
    kenya, hungary = (
        factories.CountryFactory.create(iso3=code, name_en=name, region=region)
        for code, name, region in (
            ("KEN", "Kenya", Region.AFRICA),
            ("HUN", "Hungary", Region.EUROPE),
        )
    )
    for title, day, fields in (
        ("Of Kenya", 1, {"countries": [kenya]}),
        ("Of Hungary", 2, {"countries": [hungary], "kind": Kind.VIEW}),
        ("Of Africa", 3, {"regions": [Region.AFRICA], "kind": Kind.BRIEFING}),
        ("Of elections", 4, {"topics": [Topic.ELECTIONS]}),
    ):
        countries = fields.pop("countries", [])
        article = factories.ArticlePageFactory.create(
            parent=news_index, title=title, date=date(2026, 5, day), **fields
        )
        article.countries = countries
        article.save()


@pytest.mark.usefixtures("articles")
class TestFilters:
    def test_the_newest_is_first(self, client: Client) -> None:
        assert titles(client.get("/news/").text) == [
            "Of elections",
            "Of Africa",
            "Of Hungary",
            "Of Kenya",
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("kind=civil-society-view", ["Of Hungary"]),
            ("kind=news", ["Of elections", "Of Kenya"]),
            ("campaign=elections", ["Of elections"]),
            ("country=KEN", ["Of Kenya"]),
            ("region=europe", ["Of Hungary"]),
            ("region=africa&kind=news", ["Of Kenya"]),
            (
                "region=&kind=&country=&campaign=",
                ["Of elections", "Of Africa", "Of Hungary", "Of Kenya"],
            ),
            ("region=americas", []),
        ],
    )
    def test_it_shows_the_matching_articles(
        self, client: Client, query: str, found: list[str]
    ) -> None:
        response = client.get(f"/news/?{query}")
        assert response.status_code == 200
        assert titles(response.text) == found

    def test_a_region_has_the_news_of_its_countries(self, client: Client) -> None:
        assert titles(client.get("/news/?region=africa").text) == ["Of Africa", "Of Kenya"]

    def test_each_kind_is_a_link_that_keeps_the_other_filters(self, client: Client) -> None:
        links = parse(client.get("/news/?region=africa&kind=news").text).find("main").find_all("a")
        addresses = {link.text: link for link in links}
        assert addresses["Briefing"]["href"] == "/news/?region=africa&kind=briefing"
        assert addresses["News"]["aria-current"] == "true"

    def test_the_form_offers_only_countries_in_the_news(self, client: Client) -> None:
        factories.CountryFactory.create(name_en="Silent land")
        form = parse(client.get("/news/").text).find("main").find("form")
        assert "Kenya" in form.text
        assert "Silent land" not in form.text

    def test_a_country_without_news_is_a_valid_filter(self, client: Client) -> None:
        factories.CountryFactory.create(iso3="XTL", name_en="Silent land")
        response = client.get("/news/?country=XTL")
        assert response.status_code == 200
        assert "Nothing here yet." in response.text

    def test_a_filtered_list_is_not_for_search_engines(self, client: Client) -> None:
        robots = '<meta name="robots" content="noindex">'
        assert robots in client.get("/news/?region=africa").text
        assert robots not in client.get("/news/").text


@pytest.mark.usefixtures("articles")
class TestWrongAddresses:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("kind=gossip", "“gossip” is not one of the choices."),
            ("region=mars", "“mars” is not one of the choices."),
            ("campaign=x", "“x” is not one of the choices."),
            ("country=ken", "“ken” is not one of the choices."),
            ("region=africa&region=europe", "Only one value is allowed here, not 2."),
            ("region=afr%00ica", "Remove the invisible characters."),
            ("page=two", "Enter a whole number."),
            ("page=0", "greater than or equal to 1"),
            ("page=99999999999", "less than or equal to"),
            ("page=" + "9" * 5_000, "Enter a whole number."),
        ],
    )
    def test_it_reports_invalid_filters_and_ignores_them(
        self, client: Client, query: str, words: str
    ) -> None:
        response = client.get(f"/news/?{query}")
        assert response.status_code == 400
        assert words in parse(response.text).find("main").find("form").text
        assert len(titles(response.text)) == 4

    def test_formulas_of_readers_are_quoted_but_never_run(self, client: Client) -> None:
        html = client.get("/news/", {"region": "<script>alert(1)</script>" + "x" * 500}).text
        assert "<script>alert" not in html
        assert "x" * 50 not in html

    def test_a_page_beyond_the_end_of_the_list_is_missing(self, client: Client) -> None:
        assert client.get("/news/?page=2").status_code == 404


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(["kind", "region", "campaign", "country", "page", "x"]),
        st.text(max_size=40),
        max_size=4,
    )
)
@pytest.mark.usefixtures("articles")
def test_no_address_breaks_it(client: Client, params: dict[str, str]) -> None:
    given = {name: value.encode("utf-8", "replace").decode() for name, value in params.items()}
    assert client.get("/news/", given).status_code in {200, 400, 404}


def test_long_lists_have_pages(client: Client, news_index: NewsIndexPage) -> None:
    for number in range(PER_PAGE + 1):
        factories.ArticlePageFactory.create(parent=news_index, title=f"Article no. {number}")
    first = client.get("/news/?kind=news").text
    assert len(titles(first)) == PER_PAGE
    (onward,) = [link for link in parse(first).find_all("a") if link.get("rel") == "next"]
    assert onward["href"] == "/news/?kind=news&page=2"
    assert len(titles(client.get(onward["href"]).text)) == 1


def test_drafts_and_private_articles_are_not_listed(
    client: Client, news_index: NewsIndexPage
) -> None:
    factories.ArticlePageFactory.create(parent=news_index, title="Draft", live=False)
    private = factories.ArticlePageFactory.create(
        parent=news_index, title="Private", regions=[Region.AFRICA]
    )
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for address in ("/news/", "/", "/where-we-work/africa/", "/news/feed.atom"):
        html = client.get(address).text
        assert "Draft" not in html
        assert "Private" not in html
