"""Fixtures: a real browser on the real site.

`page` is a desktop, `phone` a narrow screen, `page_without_javascript` a desktop with scripts disabled, and `open_page`
opens any other. All start at the front page of a site with content, so their addresses may be relative.

Changes made by a test are reverted before the next one. A test that only reads has no such cost.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.content import hold_content
from tests.snapshots import DatabaseStates

from .site_server import SiteServer
from .watch import Watch, report

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=780)

# Milliseconds to wait for an event. Long, so that a busy machine does not fail a test.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

# The first is Chromium without windows, which takes half of the processor's time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",  # Letters as wide as on a screen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--no-sandbox",  # Tests may run as root, in a container.
]


class OpenPage(Protocol):
    def __call__(self, **options: Any) -> Page:
        """Open a page in its own context, with `options` as playwright's `new_context` takes them."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium. Playwright's own download is never used."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.fail(
            "Browser tests need Chromium: install the system's package `chromium-headless-shell`."
        )
    # Playwright's loop runs in this thread, in which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
        # Connections opened in a thread can only be closed from it.
        connections.close_all()


@pytest.fixture(scope="package")
def site_server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SiteServer]:
    with django_db_blocker.unblock():
        server = SiteServer()
    yield server
    server.stop()


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The site with its content, committed, so that the connections of the server see it."""
    with django_db_blocker.unblock():
        hold_content(database_states)
        yield


@pytest.fixture
def open_page(
    browser: Browser, site_server: SiteServer, transactional_db: None
) -> Iterator[OpenPage]:
    """Opens pages, and fails the test if a page requested another host or logged an error."""
    contexts = []
    watches = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": site_server.address, "viewport": DESKTOP, "reduced_motion": "reduce"}
            | options
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch()
        watch.over(context)
        contexts.append(context)
        watches.append(watch)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    if complaints := report(watches):
        pytest.fail(complaints)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def page_without_javascript(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)
