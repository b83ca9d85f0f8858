"""The pages of countries: their creation, their place in the tree, and search."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale

from home.models import HomePage
from record.choices import Region
from regions.country_links import country_urls
from regions.models import CountryPage, RegionPage
from regions.services import create_missing_country_pages
from tests import factories


def region_page(region: Region = Region.AFRICA, language: str = "en") -> RegionPage:
    page: RegionPage = RegionPage.objects.get(region=region, locale__language_code=language)
    return page


def country_page(**fields: object) -> CountryPage:
    country = factories.CountryFactory.create(**fields)
    page: CountryPage = factories.CountryPageFactory.create(
        parent=region_page(Region(country.region)), country=country
    )
    return page


def arabic_tree(home: HomePage) -> Locale:
    arabic: Locale = Locale.objects.get_or_create(language_code="ar")[0]
    for page in home.get_descendants(inclusive=True).not_type(CountryPage).specific():
        page.copy_for_translation(arabic).save_revision().publish()
    return arabic


def form_data(**fields: object) -> dict[str, object]:
    """Return the data of the editor's form."""
    formsets = {
        f"{name}-{part}": 0
        for name in ("body", "comments")
        for part in ("count", "TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return {"title": "", "slug": "", "introduction": "null", **formsets, **fields}


def test_missing_pages_are_made_once(site_tree: HomePage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    factories.CountryFactory.create(name_en="Côte d’Ivoire")
    factories.CountryFactory.create(name_en="Peru", region=Region.AMERICAS)
    factories.CountryFactory.create(name_en="Draft", live=False)
    made = create_missing_country_pages(locale=factories.english())
    assert [page.get_url() for page in made] == [
        "/where-we-work/africa/cote-divoire/",
        "/where-we-work/africa/kenya/",
        "/where-we-work/americas/peru/",
    ]
    assert not create_missing_country_pages(locale=factories.english())
    CountryPage.objects.get(country=kenya).delete()
    assert [page.country for page in create_missing_country_pages(locale=factories.english())] == [
        kenya
    ]


def test_a_page_carries_the_name_in_its_language(client: Client, site_tree: HomePage) -> None:
    factories.CountryFactory.create(name_en="Kenya", name_ar="كينيا")
    arabic = arabic_tree(site_tree)
    english_page = create_missing_country_pages(locale=factories.english())[0]
    arabic_page = create_missing_country_pages(locale=arabic)[0]
    assert arabic_page.title == "كينيا"
    assert arabic_page.get_url() == "/ar/where-we-work/africa/kenya/"
    assert arabic_page in english_page.get_translations()
    with override("ar"):
        assert client.get(arabic_page.get_url()).status_code == 200


def test_a_region_without_a_page_is_skipped(site_tree: HomePage) -> None:
    factories.CountryFactory.create()
    french = Locale.objects.get_or_create(language_code="fr")[0]
    assert create_missing_country_pages(locale=french) == []


def test_the_command_prints_the_number(
    site_tree: HomePage, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.CountryFactory.create(name_en="Kenya")
    call_command("create_country_pages", "en", "--dry-run")
    assert "1 page" in capsys.readouterr().out
    assert not CountryPage.objects.exists()
    call_command("create_country_pages", "en")
    assert "/where-we-work/africa/kenya/" in capsys.readouterr().out
    assert CountryPage.objects.get().live


def test_a_country_has_one_page_in_a_language(site_tree: HomePage) -> None:
    page = country_page()
    with pytest.raises(ValidationError, match="a page in this language already"):
        factories.CountryPageFactory(parent=region_page(), country=page.country, slug="again")
    second = CountryPage(country=page.country, title="Again", slug="again", locale=page.locale)
    second.path, second.depth = f"{region_page().path}9999", page.depth
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(clean=False)


def test_a_country_page_is_below_its_region(site_tree: HomePage) -> None:
    peru = factories.CountryFactory.create(name_en="Peru", region=Region.AMERICAS)
    with pytest.raises(ValidationError, match="Peru belongs to Americas"):
        factories.CountryPageFactory(parent=region_page(), country=peru)
    page = country_page(region=Region.AFRICA)
    assert not page.can_move_to(region_page(Region.AMERICAS))
    assert page.can_move_to(region_page())


def test_an_editor_is_reported_what_is_wrong(staff_client: Client, site_tree: HomePage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["regions", "countrypage", region_page().pk])
    peru = factories.CountryFactory.create(name_en="Peru", region=Region.AMERICAS)
    taken = country_page(name_en="Kenya").country
    assert staff_client.get(address).status_code == 200
    refused = staff_client.post(address, form_data(country=peru.pk))
    assert "Peru belongs to Americas" in refused.text
    refused = staff_client.post(address, form_data(country=taken.pk))
    assert "The country has a page in this language already." in refused.text
    mali = factories.CountryFactory.create(name_en="Mali")
    added = staff_client.post(address, form_data(country=mali.pk))
    assert added.status_code == 302
    page = CountryPage.objects.get(country=mali)
    assert (page.title, page.slug) == ("Mali", "mali")


@pytest.mark.usefixtures("search_index")
def test_a_country_is_found_by_its_name_in_any_language(
    client: Client, site_tree: HomePage
) -> None:
    country_page(name_en="Germany", name_fr="Allemagne", iso3="DEU")
    for words in ("Germany", "Allemagne", "DEU"):
        found = client.get("/search/", {"q": words}).text
        assert "/where-we-work/africa/germany/" in found, words
        assert f"<mark>{words}</mark>" in found


def test_countries_are_in_no_menu(client: Client, site_tree: HomePage) -> None:
    country_page(name_en="Kenya")
    header = client.get("/").text.partition("</header>")[0]
    assert "Kenya" not in header


def test_the_site_map_names_the_countries(client: Client, site_tree: HomePage) -> None:
    country_page(name_en="Kenya")
    assert "/where-we-work/africa/kenya/" in client.get("/sitemap.xml").text


def test_addresses_of_countries_take_one_query(
    site_tree: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kenya, mali = (country_page(name_en=name) for name in ("Kenya", "Mali"))
    country_page(name_en="Draft").unpublish()
    arabic = arabic_tree(site_tree)
    kenya.copy_for_translation(arabic).save_revision().publish()
    country_urls("en")
    with django_assert_num_queries(2):  # One query is that of the cache, for the roots of sites.
        urls = country_urls("ar")
    assert urls == {
        kenya.country.iso3: "/ar/where-we-work/africa/kenya/",
        mali.country.iso3: "/where-we-work/africa/mali/",
    }


def test_a_page_of_a_country_is_not_copied(staff_client: Client, site_tree: HomePage) -> None:
    page = country_page(name_en="Kenya")
    refused = staff_client.get(reverse("wagtailadmin_pages:copy", args=[page.pk]), follow=True)
    assert "A country has one page in a language" in refused.text
