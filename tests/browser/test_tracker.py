"""The tracker in the browser: map and table agree, with and without scripts."""

import re
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from charts.world_map import world_shapes
from record.models import Country

from .conftest import OpenPage

STATES = 196
# The text of each state on the map, and the text of its row, by code.
MAP = """() => [...document.querySelectorAll(".map__states title")].map((title) => title.textContent)"""
TABLE = """() => Object.fromEntries(
  [...document.querySelectorAll(".tracker-table tbody tr")].map((row) => {
    const [name, , status] = row.cells;
    const words = status.cloneNode(true);
    for (const other of words.querySelectorAll("small, p")) other.remove();
    return [row.id, [name.textContent.trim(), words.textContent.trim()].join(": ")];
  }))"""


@pytest.mark.parametrize("path", ["/tracker/?on=2026-11-22", "/ar/tracker/?on=2004-12-31"])
def test_the_map_agrees_with_the_table(page: Page, path: str) -> None:
    page.goto(path)
    table = page.evaluate(TABLE)
    assert len(table) == Country.objects.count()
    shapes = world_shapes()
    placed = [words for code, words in table.items() if code in {*shapes.outlines, *shapes.dots}]
    assert len(placed) == STATES
    assert sorted(page.evaluate(MAP)) == sorted(placed)
    expect(page.locator(".map__states a")).to_have_count(STATES)
    colours = page.evaluate(
        """() => [...document.querySelectorAll(".map__states a")].map((link) => {
          const row = [...document.querySelectorAll(".tracker-table tbody tr")].find((row) =>
            link.querySelector("title").textContent.startsWith(row.cells[0].textContent.trim() + ": "));
          return row.querySelector(".swatch").classList.contains(link.classList[0]);
        })"""
    )
    assert all(colours)


def test_the_form_works_without_scripts(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/tracker/")
    page.get_by_label("Region", exact=True).select_option("africa")
    page.get_by_label("Status", exact=True).select_option("leaving")
    page.get_by_label("On the day").fill("2026-11-22")
    page.get_by_role("button", name="Show").click()
    leaving = Country.objects.as_of(date(2026, 11, 22)).leaving()
    in_africa = leaving.in_region("africa").count()
    expect(page.get_by_role("heading", level=2, name=f"{in_africa} of ")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="withdrawal takes effect on")).to_have_count(
        in_africa
    )
    page.get_by_role("link", name=re.compile("Remove: Region")).click()
    expect(page.get_by_role("heading", level=2, name=f"{leaving.count()} of ")).to_be_visible()


def test_it_filters_while_the_form_is_filled_in(page: Page) -> None:
    page.goto("/tracker/?on=2026-11-22")
    page.get_by_label("Name or code").press_sequentially("ken")
    expect(page.get_by_role("heading", level=2, name=re.compile("^1 of"))).to_be_visible()
    expect(page.locator(".tracker-table tbody tr")).to_have_count(1)
    expect(page.locator(".map__states title")).to_have_text(re.compile("^Kenya: State Party since"))
    # The result is announced to screen readers, the address can be shared, and the field keeps the focus.
    expect(page.locator("[data-tracker-status]")).to_have_text(re.compile("1 of .* states"))
    expect(page).to_have_url(re.compile(r"/tracker/\?q=ken&on=2026-11-22&sort=name$"))
    expect(page.get_by_label("Name or code")).to_be_focused()
    page.get_by_label("Name or code").fill("")
    expect(page.locator(".tracker-table tbody tr")).to_have_count(Country.objects.count())


def test_a_year_is_a_click(page: Page) -> None:
    page.goto("/tracker/")
    page.get_by_role("link", name=re.compile("^2002")).click()
    expect(page).to_have_url(re.compile(r"\?on=2002-12-31$"))
    expect(page.locator("#tracker-lead")).to_contain_text("On 31 December 2002")


def test_wrong_days_are_reported_beside_the_field(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/tracker/?on=2020-13-45")
    field = page.get_by_label("On the day")
    expect(field).to_have_value("2020-13-45")
    expect(field).to_have_accessible_description(
        "“2020-13-45” is not a date. Write it as year-month-day, for example 2002-07-01."
    )


@pytest.fixture
def other_site() -> Iterator[HTTPServer]:
    """A page on another site. Its content is written to `html`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(self.server.html.encode())  # type: ignore[attr-defined]

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_snippet_frames_the_map_on_another_site(
    open_page: OpenPage, other_site: HTTPServer
) -> None:
    page = open_page()
    page.goto("/tracker/?region=africa&on=2026-11-22")
    snippet = page.get_by_label("Show this map on your own site").input_value()
    other_site.html = f"<!doctype html><title>A newspaper</title>{snippet}"  # type: ignore[attr-defined]
    page.goto(f"http://127.0.0.1:{other_site.server_port}/")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Status of every state: Africa")
    with page.context.expect_page() as opened:
        frame.locator(".map__states a").filter(has_text="Kenya").first.dispatch_event("click")
    opened.value.wait_for_load_state()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Kenya")
    assert opened.value.evaluate("window.opener") is None
    assert page.context.cookies() == []
