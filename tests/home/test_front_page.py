"""What a visitor finds on the front page."""

from django.test import Client

from home.models import HomePage
from regions.models import RegionPage


def test_every_region_is_one_click_away(client: Client, site_tree: HomePage) -> None:
    html = client.get("/").text
    for region in RegionPage.objects.all():
        assert f'href="{region.url}"' in html
