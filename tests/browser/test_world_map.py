"""The world map by keyboard, on the page of components: each state can be reached, and all can be skipped."""

import re

from playwright.sync_api import Page, expect

from tests.pages.addresses import development


def test_the_skip_link_goes_past_the_states(page: Page) -> None:
    with development():
        page.goto("/dev/components/")
    skip = page.get_by_role("link", name="Skip the map")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".map__policy a")).to_be_focused()


def test_every_state_is_reached_and_shown_with_the_focus(page: Page) -> None:
    with development():
        page.goto("/dev/components/")
    page.get_by_role("link", name="Skip the map").focus()
    names = ["Australia", "China", "Philippines", "United States", "Venezuela"]
    for name in [*names, "Monaco", "Singapore", "Trinidad and Tobago"]:
        page.keyboard.press("Tab")
        state = page.locator("a:focus")
        expect(state).to_have_accessible_name(re.compile(f"^{name}"))
        assert state.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"


def test_dots_are_seen_on_a_phone_too(page: Page, phone: Page) -> None:
    radii = []
    for each in (page, phone):
        with development():
            each.goto("/dev/components/")
        dot = each.locator(".map circle").first.bounding_box()
        assert dot is not None
        radii.append(dot["width"] / 2)
    assert radii[0] >= 3
    assert radii[1] >= 1.5
