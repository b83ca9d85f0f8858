"""Everything can be done with the keyboard alone."""

import re

from playwright.sync_api import Locator, Page, expect

MANY = 60  # More than the number of tab stops in any page's header.


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus. Fails if it never does."""
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"The keyboard never reaches {target}")


def shows_focus(target: Locator) -> bool:
    style = target.evaluate(
        "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.boxShadow]; }"
    )
    return (style[0] != "none" and style[1] != "0px") or style[2] != "none"


def test_the_first_stop_leads_past_the_menu_to_the_content(page: Page) -> None:
    page.goto("/where-we-work/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_every_stop_of_the_front_page_shows_where_it_is(page: Page) -> None:
    page.goto("/")
    focused = page.locator("*:focus")
    for _ in range(25):
        page.keyboard.press("Tab")
        assert shows_focus(focused), focused.evaluate("element => element.outerHTML")


def test_the_menu_of_a_phone_opens_and_closes(phone: Page) -> None:
    phone.goto("/")
    menu = phone.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    tab_to(phone, phone.get_by_role("button", name="Menu"))
    phone.keyboard.press("Enter")
    expect(menu).to_be_visible()
    phone.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(phone.get_by_role("button", name="Menu")).to_be_focused()

    phone.keyboard.press("Enter")
    tab_to(phone, menu.get_by_role("link", name="Where we work"))
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile("/where-we-work/$"))


def test_the_language_is_changed(page: Page) -> None:
    page.goto("/")
    tab_to(page, page.locator("header a[hreflang=ar]"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_an_accordion_opens_and_closes(page: Page) -> None:
    page.goto("/every-block/")
    question = page.locator("summary").first
    answer = page.locator("details p").first
    expect(answer).to_be_hidden()
    tab_to(page, question)
    page.keyboard.press("Space")
    expect(answer).to_be_visible()
    page.keyboard.press("Space")
    expect(answer).to_be_hidden()


def test_a_form_is_filled_in_and_its_error_is_shown(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/newsletter/")
    tab_to(page, page.get_by_label("E-mail address", exact=False).first)
    page.keyboard.type("supporter@example")
    tab_to(page, page.get_by_role("main").get_by_role("checkbox").last)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("main").get_by_role("button").last)
    page.keyboard.press("Enter")
    field = page.get_by_label("E-mail address", exact=False).first
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("supporter@example")
    assert field.get_attribute("aria-describedby")


def test_a_wide_table_scrolls_without_the_page(phone: Page) -> None:
    phone.goto("/every-block/")
    tab_to(phone, phone.get_by_role("region", name="The vote on the Rome Statute").first)
