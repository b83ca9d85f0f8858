"""The front page."""

from django.test import Client

from home.models import HomePage
from record.choices import Region
from regions.models import RegionPage


def test_every_region_is_one_click_away(client: Client, site_tree: HomePage) -> None:
    html = client.get("/").text
    regions = RegionPage.objects.all()
    assert len(regions) == len(Region)
    for region in regions:
        assert f'href="{region.url}"' in html
