"""A small site that is really committed. Notifications are sent at commit, so never within a test's transaction."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings
from wagtail.models import Page

from core.page_cache.middleware import PageCacheMiddleware
from home.models import HomePage
from record.choices import Region
from regions.models import RegionPage
from tests import factories


def eventually(is_true: Callable[[], bool], *, seconds: float = 5.0) -> bool:
    """Return whether the condition becomes true in time. Checked every 10 ms."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def home(transactional_db: None) -> HomePage:
    """A published front page with a region under it."""
    home: HomePage = factories.HomePageFactory.create(parent=Page.objects.get(depth=1))
    factories.serve_from(home)
    index = factories.RegionIndexPageFactory.create(parent=home)
    region = factories.RegionPageFactory.create(parent=index, region=Region.AFRICA)
    factories.KeyFactFactory.create(page=region)
    return home


@pytest.fixture
def region(home: HomePage) -> RegionPage:
    return RegionPage.objects.descendant_of(home).get()


@pytest.fixture
def caches(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[PageCacheMiddleware]]:
    """The caches of the test's clients, each client acting as a separate worker."""
    settings.PAGE_CACHE_MAX_BYTES = 1_000_000
    monkeypatch.setattr("core.page_cache.listener.HEARTBEAT", 0.1)  # Ends sooner.
    opened: list[PageCacheMiddleware] = []
    original = PageCacheMiddleware.__init__

    def remember(self: PageCacheMiddleware, get_response: object) -> None:
        original(self, get_response)  # type: ignore[arg-type]
        opened.append(self)

    monkeypatch.setattr(PageCacheMiddleware, "__init__", remember)
    yield opened
    for cache in opened:
        cache.listener.close()


@pytest.fixture
def visitor(home: HomePage, caches: list[PageCacheMiddleware]) -> Client:
    """A client of a worker that is listening and whose cache is empty."""
    client = Client()
    client.head("/")
    assert eventually(caches[-1].listener.is_listening)
    return client


@pytest.fixture
def cache(visitor: Client, caches: list[PageCacheMiddleware]) -> PageCacheMiddleware:
    """The cache of that worker."""
    return caches[-1]
