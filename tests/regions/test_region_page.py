"""What a visitor reads about a region."""

from datetime import date

from django.test import Client

from campaigns.models import CampaignPage, RelatedRegion
from coalition_site.home.models import HomePage
from regions.models import Aim, KeyFact, RegionIndexPage, RegionPage
from tests.html import parse


def test_the_key_facts_stand_with_what_they_count(client: Client, site_tree: HomePage) -> None:
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
