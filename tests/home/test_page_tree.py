"""Editors can build the intended tree of pages, and no other."""

from itertools import product

from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, get_page_models

from campaigns.models import CampaignIndexPage, CampaignPage
from contact.models import ContactPage
from core.models import BasePage
from home.models import HomePage, StandardPage
from news.models import ArticlePage, NewsIndexPage
from newsletter.models import IssueIndexPage, IssuePage
from regions.models import CountryPage, RegionIndexPage, RegionPage
from tests import factories

ALLOWED = {
    (Page, HomePage),
    (HomePage, StandardPage),
    (HomePage, ContactPage),
    (StandardPage, ContactPage),
    (HomePage, RegionIndexPage),
    (HomePage, CampaignIndexPage),
    (HomePage, NewsIndexPage),
    (NewsIndexPage, ArticlePage),
    (HomePage, IssueIndexPage),
    (IssueIndexPage, IssuePage),
    (StandardPage, StandardPage),
    (RegionIndexPage, RegionPage),
    (RegionPage, CountryPage),
    (CampaignIndexPage, CampaignPage),
}


def test_a_page_goes_only_where_its_kind_belongs() -> None:
    kinds = [kind for kind in get_page_models() if issubclass(kind, BasePage)]
    places = {
        (parent, child)
        for parent, child in product([Page, *kinds], kinds)
        if child in parent.allowed_subpage_models()
    }
    assert places == ALLOWED


def test_every_kind_of_page_has_a_place_and_a_summary() -> None:
    for kind in get_page_models():
        if kind is not Page and kind.is_creatable:
            assert kind.allowed_parent_page_models(), kind
            assert issubclass(kind, BasePage), kind


def test_there_is_one_front_page(home_page: HomePage) -> None:
    root = home_page.get_parent()
    assert not HomePage.can_create_at(root)


def test_the_front_page_is_still_translated(home_page: HomePage) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    translation = home_page.copy_for_translation(french)
    assert translation.get_parent() == home_page.get_parent()


def test_there_is_one_index_of_each_kind(site_tree: HomePage) -> None:
    assert not RegionIndexPage.can_create_at(site_tree)
    assert not CampaignIndexPage.can_create_at(site_tree)


def test_the_admin_offers_and_takes_no_page_in_the_wrong_place(
    staff_client: Client, home_page: HomePage
) -> None:
    offered = staff_client.get(reverse("wagtailadmin_pages:add_subpage", args=[home_page.pk])).text
    for kind in (RegionPage, CampaignPage, HomePage):
        address = reverse(
            "wagtailadmin_pages:add",
            args=[kind._meta.app_label, kind._meta.model_name, home_page.pk],
        )
        assert address not in offered
        assert staff_client.get(address).status_code == 302
        staff_client.post(address, {"title": "Misplaced", "slug": "misplaced"})
    assert not Page.objects.filter(slug="misplaced").exists()


def test_a_region_cannot_be_moved_out_of_the_regions(site_tree: HomePage) -> None:
    region = RegionPage.objects.get(slug="africa")
    campaigns = CampaignIndexPage.objects.get()
    own_page = factories.StandardPageFactory(parent=site_tree)
    for place in (site_tree, campaigns, own_page, site_tree.get_parent()):
        assert not region.can_move_to(place)
