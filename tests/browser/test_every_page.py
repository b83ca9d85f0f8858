"""Requirements on every kind of page, with the site served as in production: compressed, hashed names, cached.

Each template is visited in English, and each page type in Arabic as well. `tests/pages` visits every page in both.
"""

import time
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
from tests.content import hold_content
from tests.pages.addresses import Address, addresses
from tests.pages.visitors import BrowserVisitor
from tests.snapshots import DatabaseStates

from .accessibility import COLOURS, violations
from .conftest import DESKTOP, PHONE
from .site_server import SiteServer
from .styles import missing_parts
from .weight import too_heavy, weighed

VIEWPORTS = {"desktop": DESKTOP, "phone": PHONE}
WHAT_STICKS_OUT = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const sticksOut = ({left, right}) => right > root.clientWidth + 0.5 || left < -0.5;
  return [...document.querySelectorAll("body *")]
    .filter((element) => sticksOut(element.getBoundingClientRect()))
    .map((element) => element.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Collect the static files as a deployment does, without those of the admin, which visitors never load."""
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
def site_server(
    collected: None, database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[SiteServer]:
    """Replace the server that the other tests use."""
    caches: list[PageCacheMiddleware] = []
    make = PageCacheMiddleware.__init__

    def remember(self: PageCacheMiddleware, *args: Any) -> None:
        make(self, *args)
        caches.append(self)

    with django_db_blocker.unblock(), mock.patch.object(PageCacheMiddleware, "__init__", remember):
        hold_content(database_states)  # The cache listens to the database in use when it starts.
        server = SiteServer(PAGE_CACHE_MAX_BYTES=10_000_000)
    # Pages are cached, and therefore compressed, once the cache listens for changes.
    [cache] = caches
    until = time.monotonic() + 10
    while not cache.listener.is_listening():
        assert time.monotonic() < until, "The page cache hears nothing."
        time.sleep(0.05)
    yield server
    server.stop()
    cache.listener.close()


@pytest.mark.parametrize(
    ("address", "language"),
    [
        pytest.param(address, language, id=f"{address.name}, {language}")
        for address in addresses()
        for language in address.languages
        if language == "en" or address.is_page_type
    ],
)
def test_nobody_is_shut_out(page: Page, address: Address, language: str) -> None:
    """The page is light on the wire and contains the styles that it needs.

    On a phone and on a desktop axe finds no violation, nothing extends past the side, and the dark scheme has enough
    contrast.
    """
    found: dict[str, list[str]] = {}
    with weighed(page) as weight:
        address.visit(BrowserVisitor(page), language)
        for name, viewport in VIEWPORTS.items():
            page.set_viewport_size(viewport)
            found[f"{name}, sideways"] = page.evaluate(WHAT_STICKS_OUT)
            page.emulate_media(color_scheme="light")
            found[f"{name}, light"] = violations(page)
            page.emulate_media(color_scheme="dark")  # Only the colours change.
            found[f"{name}, dark"] = violations(page, standards=COLOURS)
    found["style"] = missing_parts(page)
    if address.name != "components":  # Visitors never see this page.
        found["weight"] = too_heavy(
            weight,
            is_front_page=address.name == "HomePage",
            is_page_type=address.is_page_type,
        )
    assert {what: faults for what, faults in found.items() if faults} == {}
