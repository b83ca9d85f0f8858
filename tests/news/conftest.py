"""A site with a page for news."""

import pytest

from home.models import HomePage
from news.models import NewsIndexPage
from tests import factories


@pytest.fixture
def news_index(site_tree: HomePage) -> NewsIndexPage:
    page: NewsIndexPage = factories.NewsIndexPageFactory.create(parent=site_tree)
    return page
