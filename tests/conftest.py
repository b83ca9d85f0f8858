"""What many tests share: a site with the five regions and the nine campaigns."""

import pytest
from django.test import Client
from wagtail.models import Page

from campaigns.choices import Topic
from coalition_site.core.models import User
from coalition_site.home.models import HomePage
from regions.choices import KeyFactKind, Region

from . import factories


@pytest.fixture
def home_page(db: None) -> HomePage:
    """A published front page at `/`."""
    root = Page.objects.get(depth=1)
    home_page = factories.HomePageFactory.create(parent=root)
    factories.serve_from(home_page)
    return home_page


@pytest.fixture
def site_tree(home_page: HomePage) -> HomePage:
    """The front page with every region and campaign under it, each region with three key facts."""
    region_index = factories.RegionIndexPageFactory(parent=home_page, show_in_menus=True)
    for region in Region:
        page = factories.RegionPageFactory(parent=region_index, region=region)
        for kind in list(KeyFactKind)[:3]:
            factories.KeyFactFactory(page=page, kind=kind)
    campaign_index = factories.CampaignIndexPageFactory(parent=home_page, show_in_menus=True)
    for topic in Topic:
        factories.CampaignPageFactory(parent=campaign_index, topic=topic)
    return home_page


@pytest.fixture
def superuser(db: None) -> User:
    return factories.SuperuserFactory.create()


@pytest.fixture
def staff_client(client: Client, superuser: User) -> Client:
    client.force_login(superuser)
    return client
