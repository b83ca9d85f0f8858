"""The page of a region."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from campaigns.models import CampaignPage, RelatedRegion
from home.demo_content.teams import create_team
from home.models import HomePage
from record.choices import Region
from regions.models import Aim, KeyFact, RegionIndexPage, RegionPage
from tests import factories
from tests.core.test_editing import a_text_in, form_of
from tests.html import parse


def test_the_key_facts_are_shown_with_their_labels(client: Client, site_tree: HomePage) -> None:
    facts = parse(client.get("/where-we-work/africa/").text).find("dl")
    assert [dt.text for dt in facts.find_all("dt")] == [
        "ICC member states",
        "Coalition members",
        "National coalitions",
    ]
    assert [dd.text for dd in facts.find_all("dd")] == ["30", "30", "30"]


def test_one_source_is_named_once(client: Client, site_tree: HomePage) -> None:
    KeyFact.objects.update(source="Secretariat", as_of=date(2026, 11, 1))
    html = client.get("/where-we-work/africa/").text
    assert "Secretariat, 1 November 2026" in html
    assert html.count("1 November 2026") == 1


def test_different_sources_say_which_figure_they_are_for(
    client: Client, site_tree: HomePage
) -> None:
    KeyFact.objects.filter(kind="icc_member_states").update(source="United Nations")
    text = parse(client.get("/where-we-work/africa/").text).find("main").text
    assert "ICC member states: United Nations" in text
    assert "Coalition members, National coalitions: Secretariat of the Coalition" in text


def test_it_names_the_campaigns_about_it(client: Client, site_tree: HomePage) -> None:
    africa = RegionPage.objects.get(region="africa")
    campaign = CampaignPage.objects.get(slug="icc-budget")
    RelatedRegion.objects.create(page=campaign, region=africa)
    assert "A sufficient ICC budget" in client.get("/where-we-work/africa/").text
    assert "A sufficient ICC budget" not in client.get("/where-we-work/europe/").text


def test_it_leads_to_the_other_regions(client: Client, site_tree: HomePage) -> None:
    main = parse(client.get("/where-we-work/africa/").text).find("main")
    links = {link["href"] for link in main.find_all("a")}
    others = RegionPage.objects.exclude(region="africa")
    assert {page.url for page in others} <= links
    assert "/where-we-work/africa/" not in links


def test_the_index_lists_the_aims_in_order(client: Client, site_tree: HomePage) -> None:
    index = RegionIndexPage.objects.get()
    Aim.objects.create(page=index, text="Grave crimes are prosecuted", sort_order=1)
    Aim.objects.create(page=index, text="More states become members", sort_order=0)
    main = parse(client.get("/where-we-work/").text).find("main")
    lists = [[li.text for li in ol.find_all("li")] for ol in main.find_all("ol")]
    assert ["More states become members", "Grave crimes are prosecuted"] in lists


# One page of a region in a language


def test_a_team_cannot_make_its_page_that_of_another_region(
    client: Client, site_tree: HomePage
) -> None:
    africa = RegionPage.objects.get(region=Region.AFRICA)
    member = factories.UserFactory.create()
    member.groups.add(create_team(region_page=africa))
    client.force_login(member)
    address = reverse("wagtailadmin_pages:edit", args=[africa.pk])
    html = client.get(address).text
    assert "It cannot be changed later." in html
    form = form_of(html) | a_text_in("body")
    data = form | {"title": "Our Africa", "region": Region.EUROPE, "action-publish": "1"}
    assert client.post(address, data).status_code == 302
    africa.refresh_from_db()
    assert (africa.title, africa.region) == ("Our Africa", Region.AFRICA)
    assert africa.get_latest_revision_as_object().region == Region.AFRICA


def test_a_second_page_of_a_region_is_refused(staff_client: Client, site_tree: HomePage) -> None:
    index = RegionIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["regions", "regionpage", index.pk])
    form = form_of(staff_client.get(address).text) | a_text_in("body")
    data = form | {"title": "Africa again", "slug": "africa-again", "region": Region.AFRICA}
    response = staff_client.post(address, data)
    assert "The region has a page in this language already." in response.text
    with pytest.raises(ValidationError):
        factories.RegionPageFactory(parent=index, region=Region.AFRICA, slug="africa-again")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionPage.objects.filter(region=Region.EUROPE).update(region=Region.AFRICA)
    assert RegionPage.objects.filter(region=Region.AFRICA).count() == 1


@pytest.mark.parametrize("data", [{}, {"alias": "on"}, {"publish_copies": "on"}])
def test_a_region_is_not_copied(
    staff_client: Client, site_tree: HomePage, data: dict[str, str]
) -> None:
    region = RegionPage.objects.get(region=Region.AFRICA)
    copy = {"new_title": "Africa again", "new_slug": "africa-again"}
    for page, below in ((region, {}), (region.get_parent(), {"copy_subpages": "on"})):
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        parent = {"new_parent_page": page.get_parent().pk}
        refused = staff_client.post(address, {**copy, **parent, **below, **data}, follow=True)
        assert "A region has one page in a language" in refused.text
    assert not Page.objects.filter(slug="africa-again").exists()


def test_each_language_has_a_page_of_the_region(site_tree: HomePage) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    for page in (site_tree, RegionIndexPage.objects.get()):
        page.copy_for_translation(french)
    copy = RegionPage.objects.get(region=Region.AFRICA).copy_for_translation(french)
    assert (copy.region, copy.language) == (Region.AFRICA, "fr")
    copy.save_revision().publish()
    assert RegionPage.objects.filter(region=Region.AFRICA, live=True).count() == 2
