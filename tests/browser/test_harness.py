"""Guarantees of the browser fixtures: forbidden events are noticed, and no test affects the next."""

from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Error, Page

from home.models import HomePage
from tests.pages.html_validity import HtmlValidator

from .accessibility import COLOURS, violations
from .site_server import SiteServer
from .watch import Watch

CHANGED_TITLE = "Changed by a test"


@pytest.fixture
def blank_page(browser: Browser) -> Iterator[Page]:
    """Open a page that nothing monitors."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def watched(page: Page) -> Watch:
    watch = Watch()
    watch.over(page.context)
    return watch


def test_calling_another_host_is_noticed(blank_page: Page) -> None:
    watch = watched(blank_page)
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        blank_page.goto("https://www.example.org/")
    assert watch.complaints == ["called another host: https://www.example.org/"]


def test_a_failing_script_is_noticed(blank_page: Page) -> None:
    watch = watched(blank_page)
    with blank_page.context.expect_event("weberror"):
        blank_page.set_content("<script>missing()</script>")
    assert "missing is not defined" in watch.complaints[0]


def test_a_script_that_the_security_policy_refuses_is_noticed(blank_page: Page) -> None:
    watch = watched(blank_page)
    with blank_page.context.expect_console_message():
        blank_page.set_content(
            """<meta http-equiv="Content-Security-Policy" content="script-src 'self'"><script>1</script>"""
        )
    assert "Content Security Policy" in watch.complaints[0]


def test_a_page_that_is_not_there_is_no_complaint(page: Page) -> None:
    watch = watched(page)
    response = page.goto("/no-such-page/")
    assert response is not None
    assert response.status == 404
    assert watch.complaints == []


@pytest.mark.parametrize("time", ["first", "second"])
def test_committed_changes_are_served_and_reverted(
    transactional_db: None, site_server: SiteServer, time: str
) -> None:
    home_page = HomePage.objects.get(locale__language_code="en")
    assert home_page.title != CHANGED_TITLE
    home_page.title = home_page.seo_title = CHANGED_TITLE
    home_page.save_revision().publish()
    assert CHANGED_TITLE in urlopen(site_server.address).read().decode()  # noqa: S310 - our own server.


def test_a_fault_of_each_kind_is_found(blank_page: Page) -> None:
    html = '<!doctype html><html lang="en"><title>A picture</title><img src="data:,"><p style="color: #999">Pale'
    blank_page.set_content(html)
    found = {line.partition(":")[0] for line in violations(blank_page)}
    assert found >= {"image-alt", "color-contrast"}
    colours = {line.partition(":")[0] for line in violations(blank_page, standards=COLOURS)}
    assert colours == {"color-contrast"}
    with HtmlValidator() as validator:
        assert any("wcag/h37" in line for line in validator.faults(html))
