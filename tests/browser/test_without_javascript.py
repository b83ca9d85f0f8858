"""Without scripts every page can be read and every form works."""

import re

from playwright.sync_api import expect

from .conftest import PHONE, OpenPage


def test_the_menu_of_a_phone_opens_and_leads_on(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Where we work").click()
    expect(page).to_have_url(re.compile("/where-we-work/$"))


def test_a_search_finds(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/search/")
    page.get_by_role("searchbox").fill("Africa")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Africa", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Africa")


def test_a_message_is_sent(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/contact/")
    form = page.get_by_role("main").locator("form")
    for field in form.locator("[required]").all():
        is_address = field.get_attribute("type") == "email"
        field.fill("supporter@example.org" if is_address else "A question")
    form.get_by_role("button").click()
    expect(form).to_have_count(0)


def test_a_film_is_a_link_to_its_page(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/every-block/")
    expect(page.get_by_role("main").locator("a[href*='youtube.com']").first).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
