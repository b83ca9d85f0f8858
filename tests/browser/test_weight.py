"""What a page weighs on the wire, served as in production: compressed, with hashed names, from the page cache."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from core.page_cache.middleware import PageCacheMiddleware

from .addresses import Address, addresses
from .site_server import SiteServer

# Bytes on the wire, headers and fonts included, photographs not.
FRONT_PAGE = 120_000
OTHER_PAGE = 90_000
STYLES = 25_000
SCRIPTS = 10_000
# Ten packets: what a server may send before it first hears back. RFC 6928.
FIRST_FLIGHT = 14_600


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files as a deployment has them, without those of the admin, which visitors never load."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    static: Path = tmp_path_factory.mktemp("static")
    with override_settings(
        STORAGES=storages,
        STATIC_ROOT=static,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail*"])
        yield


@pytest.fixture(scope="module")
def site_server(collected: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SiteServer]:
    """In place of the one that the other tests visit."""
    caches: list[PageCacheMiddleware] = []
    make = PageCacheMiddleware.__init__

    def remember(self: PageCacheMiddleware, *args: Any) -> None:
        make(self, *args)
        caches.append(self)

    with django_db_blocker.unblock(), mock.patch.object(PageCacheMiddleware, "__init__", remember):
        server = SiteServer(PAGE_CACHE_MAX_BYTES=10_000_000)
    # Pages are kept, and so compressed, once the cache hears of changes.
    [cache] = caches
    until = time.monotonic() + 10
    while not cache.listener.is_listening():
        assert time.monotonic() < until, "The page cache hears nothing."
        time.sleep(0.05)
    yield server
    server.stop()
    cache.listener.close()


def weigh(page: Page, address: Address, language: str) -> Counter[str]:
    """Bytes by kind of file, as Chromium counts them."""
    kinds: dict[str, str] = {}
    weight: Counter[str] = Counter()

    def note(event: dict[str, Any]) -> None:
        is_photograph = "/media/" in event["response"]["url"]
        kinds[event["requestId"]] = "Photograph" if is_photograph else event["type"]

    def add(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        if kind == "Document":
            weight[kind] = (
                0  # Of a form and its answer the answer counts, with all files that both need.
            )
        weight[kind] += event["encodedDataLength"]

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.responseReceived", note)
    devtools.on("Network.loadingFinished", add)
    devtools.send("Network.enable")
    address.visit(page, language)
    page.wait_for_load_state("networkidle")
    devtools.detach()
    return weight


@pytest.mark.parametrize(
    ("address", "language"),
    [
        pytest.param(address, language, id=f"{address.name}, {language}")
        for address in addresses()
        for language in address.languages
        if address.is_page_type or (language == "en" and address.name != "components")
    ],
)
def test_a_page_is_light(page: Page, address: Address, language: str) -> None:
    weight = weigh(page, address, language)
    weight.pop("Photograph", None)
    assert weight["Document"] > 0
    assert weight["Stylesheet"] <= STYLES, weight
    assert weight["Script"] <= SCRIPTS, weight
    if address.is_page_type:
        # The first screen needs one request and one answer.
        assert weight["Stylesheet"] == 0, weight
        assert weight["Document"] <= FIRST_FLIGHT, weight
        assert weight["Font"] > 0, weight
    limit = FRONT_PAGE if address.name == "HomePage" else OTHER_PAGE
    assert weight.total() <= limit, weight
