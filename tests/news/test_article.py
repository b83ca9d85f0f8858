"""An article as visitors, search engines and editors see it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from campaigns.choices import Topic
from core.models import CoalitionDocument, CoalitionImage
from news.choices import Kind
from news.models import ArticleDocument, ArticlePage, ArticleSource, NewsIndexPage
from record.choices import Region
from tests import factories
from tests.core.test_editing import form_of
from tests.core.test_metadata import meta, structured_data
from tests.html import parse


@pytest.fixture
def article(news_index: NewsIndexPage) -> ArticlePage:
    page: ArticlePage = factories.ArticlePageFactory.create(
        parent=news_index,
        title="What states owe",
        slug="what-states-owe",
        kind=Kind.PUBLICATION,
        author="A. Author",
        publisher="A Publisher",
        summary="Forty pages on cooperation.",
        date=date(2026, 3, 2),
        regions=[Region.EUROPE],
        topics=[Topic.BUDGET],
        first_published_at=datetime(2026, 3, 3, tzinfo=UTC),
        last_published_at=datetime(2026, 3, 4, tzinfo=UTC),
    )
    page.countries = [factories.CountryFactory.create(name_en="Kenya", region=Region.AFRICA)]
    document = CoalitionDocument.objects.create(
        title="File", file=ContentFile(b"%PDF", name="owe.pdf")
    )
    page.documents = [ArticleDocument(title="Full text", document=document, language="pt")]
    page.sources = [
        ArticleSource(label="ICC press release", link="https://example.org/", day=date(2026, 3, 1))
    ]
    page.save()
    return page


def test_it_names_author_date_and_sources(client: Client, article: ArticlePage) -> None:
    main = parse(client.get(article.url).text).find("main")
    for words in ("Publication", "2 March 2026", "A. Author", "Published by A Publisher"):
        assert words in main.find("header").text
    links = {link.text: link["href"] for link in main.find_all("a")}
    assert links["ICC press release"] == "https://example.org/"
    assert "1 March 2026" in main.text
    assert links["Full text"].endswith(".pdf")
    assert "Portuguese, PDF" in main.text


def test_it_links_to_its_subjects(client: Client, article: ArticlePage) -> None:
    main = parse(client.get(article.url).text).find("main")
    links = {link.text: link["href"] for link in main.find_all("a")}
    assert links["Europe"] == "/where-we-work/europe/"
    assert links["Africa"] == "/where-we-work/africa/"
    assert links["A sufficient ICC budget"] == "/campaigns/icc-budget/"
    assert "Kenya" in main.text


def test_search_engines_get_structured_data(client: Client, article: ArticlePage) -> None:
    html = client.get(article.url).text
    crumbs, told = structured_data(html)
    assert [crumb["name"] for crumb in crumbs["itemListElement"]][1:] == ["News", "What states owe"]
    assert told["@type"] == "Report"
    assert told["headline"] == "What states owe"
    assert told["datePublished"].startswith("2026-03-03")
    assert told["dateModified"].startswith("2026-03-04")
    assert told["contentReferenceTime"] == "2026-03-02"
    assert told["author"] == {"name": "A. Author"}
    assert told["publisher"]["name"] == "A Publisher"
    assert told["about"] == [{"@type": "Country", "name": "Kenya"}]
    assert meta(html, "og:type") == "article"
    assert meta(html, "og:description") == "Forty pages on cooperation."
    assert (meta(html, "article:published_time") or "").startswith("2026-03-03")


def test_news_is_news_of_the_coalition(client: Client, article: ArticlePage) -> None:
    ArticlePage.objects.update(kind=Kind.NEWS, author="", publisher="")
    _, told = structured_data(client.get(article.url).text)
    assert told["@type"] == "NewsArticle"
    assert told["author"]["@id"].endswith("/#organization")
    assert told["publisher"] == told["author"]


def test_its_image_is_shown_with_its_description_and_shared(
    client: Client, article: ArticlePage
) -> None:
    article.image = CoalitionImage.objects.create(
        title="cover",
        description="A cover",
        file=get_test_image_file("cover.png", size=(1300, 700)),
    )
    article.save()
    html = client.get(article.url).text
    assert parse(html).find("main").find("img")["alt"] == "A cover"
    assert "/media/images/cover" in (meta(html, "og:image") or "")
    article.image_alt = "A book with a map"
    article.save()
    html = client.get(article.url).text
    assert parse(html).find("main").find("img")["alt"] == "A book with a map"


def test_it_is_in_the_sitemap_with_the_day_of_its_last_change(
    client: Client, article: ArticlePage
) -> None:
    sitemap = client.get("/sitemap.xml").text
    assert f"{article.slug}/</loc><lastmod>2026-03-04</lastmod>" in sitemap


@pytest.mark.usefixtures("search_index")
def test_the_search_shows_its_kind_and_day(client: Client, article: ArticlePage) -> None:
    main = parse(client.get("/search/?q=states+owe").text).find("main")
    assert "News / Publication, 2 March 2026" in main.text


def test_formulas_of_editors_are_not_run(client: Client, article: ArticlePage) -> None:
    bad = "</script><script>alert(1)</script>"
    ArticlePage.objects.update(author=bad, publisher=bad)
    Page.objects.filter(pk=article.pk).update(title=bad)
    for address in (article.url, "/news/", "/", "/where-we-work/europe/", "/news/feed.atom"):
        assert "<script>alert" not in client.get(address).text


class TestTheEditor:
    def test_it_takes_ticked_regions_campaigns_and_countries(
        self, staff_client: Client, article: ArticlePage
    ) -> None:
        address = reverse("wagtailadmin_pages:edit", args=[article.pk])
        other = factories.CountryFactory.create()
        data: dict[str, Any] = form_of(staff_client.get(address).text) | {
            "body-count": "0",
            "regions": ["africa", "americas"],
            "topics": [],
            "countries": [str(other.pk)],
        }
        response = staff_client.post(address, data | {"action-publish": "action-publish"})
        assert response.status_code == 302, response.context["form"].errors
        article = ArticlePage.objects.get()
        assert article.regions == ["africa", "americas"]
        assert article.topics == []
        assert list(article.countries.all()) == [other]
        assert article.get_latest_revision_as_object().regions == ["africa", "americas"]

    def test_it_requires_a_description_of_an_image(
        self, staff_client: Client, article: ArticlePage
    ) -> None:
        image = CoalitionImage.objects.create(title="photo", file=get_test_image_file())
        address = reverse("wagtailadmin_pages:edit", args=[article.pk])
        data = form_of(staff_client.get(address).text) | {"body-count": "0", "image": image.pk}
        response = staff_client.post(address, data | {"action-publish": "action-publish"})
        assert "Describe what the image shows." in response.text


@pytest.mark.parametrize(
    "wrong", [{"kind": "gossip"}, {"regions": ["mars"]}, {"topics": ["elections", "weather"]}]
)
def test_the_database_takes_nothing_that_is_not_known(
    article: ArticlePage, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticlePage.objects.update(**wrong)
