"""The sites that tests visit."""

from django.core.management import call_command
from wagtail.models import Page

from campaigns.choices import Topic
from regions.choices import KeyFactKind, Region

from . import factories


def load_content() -> None:
    """The front page with every region and campaign under it, each region with three key facts."""
    home_page = factories.HomePageFactory.create(parent=Page.objects.get(depth=1))
    factories.serve_from(home_page)
    region_index = factories.RegionIndexPageFactory(parent=home_page, show_in_menus=True)
    for region in Region:
        page = factories.RegionPageFactory(parent=region_index, region=region)
        for kind in list(KeyFactKind)[:3]:
            factories.KeyFactFactory(page=page, kind=kind)
    campaign_index = factories.CampaignIndexPageFactory(parent=home_page, show_in_menus=True)
    for topic in Topic:
        factories.CampaignPageFactory(parent=campaign_index, topic=topic)


def load_demo_content() -> None:
    """What a new site starts with: every page of the demo content."""
    call_command("load_demo_content", verbosity=0)
