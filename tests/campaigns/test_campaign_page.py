"""The page of a campaign."""

from django.test import Client

from campaigns.models import CampaignPage, RelatedRegion
from home.models import HomePage
from regions.models import RegionPage
from tests.html import parse


def test_the_ask_is_set_apart(client: Client, site_tree: HomePage) -> None:
    CampaignPage.objects.filter(slug="elections").update(ask="<p>Nominate the best.</p>")
    ask = parse(client.get("/campaigns/elections/").text).find("main").find("section")
    assert ask.find("h2").text == "What we ask of states"
    assert "Nominate the best." in ask.text


def test_without_an_ask_there_is_no_empty_box(client: Client, site_tree: HomePage) -> None:
    assert "What we ask of states" not in client.get("/campaigns/elections/").text


def test_it_leads_to_the_regions_that_it_names(client: Client, site_tree: HomePage) -> None:
    shown, hidden = RegionPage.objects.filter(region__in=["europe", "africa"])
    hidden.unpublish()
    for region in (shown, hidden):
        RelatedRegion.objects.create(page=CampaignPage.objects.get(slug="elections"), region=region)
    main = parse(client.get("/campaigns/elections/").text).find("main").text
    assert shown.title in main
    assert hidden.title not in main


def test_each_leads_to_the_next_and_the_last_to_the_first(
    client: Client, site_tree: HomePage
) -> None:
    campaigns = list(CampaignPage.objects.for_cards())
    for campaign, following in zip(campaigns, [*campaigns[1:], campaigns[0]], strict=True):
        page = parse(client.get(campaign.url).text)
        assert page.find("main").find_all("a")[-1]["href"] == following.url
