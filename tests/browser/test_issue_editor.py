"""The editor of an issue in a real browser, under the admin's security policy."""

from playwright.sync_api import Page, expect

from newsletter.models import IssuePage
from tests.newsletter.factories import SubscriberFactory

from .staff import open_as_staff


def _issue() -> IssuePage:
    issue: IssuePage = IssuePage.objects.get(slug="every-block", locale__language_code="en")
    return issue


def test_the_mail_is_shown_with_its_styles(page: Page) -> None:
    open_as_staff(page, f"/admin/pages/{_issue().pk}/view_draft/?mode=mail")
    heading = page.locator("h1")
    expect(heading).to_have_text("Every block")
    expect(heading).to_have_css("font-size", "28px")


def test_the_plain_part_is_shown_with_lines_that_fit(page: Page) -> None:
    open_as_staff(page, f"/admin/pages/{_issue().pk}/view_draft/?mode=text")
    expect(page.locator("pre")).to_have_css("white-space", "pre-wrap")
    expect(page.locator("pre")).to_contain_text("Every block\n-----------")


def test_the_number_of_readers_follows_the_ticked_boxes(page: Page) -> None:
    SubscriberFactory.create_batch(3, confirmed=True)
    SubscriberFactory.create(confirmed=True, regions=["africa"])
    open_as_staff(page, f"/admin/pages/{_issue().pk}/edit/")
    number = page.locator("[data-audience]")
    expect(number).to_contain_text("4 readers now")
    page.get_by_label("Europe", exact=True).check()
    expect(number).to_contain_text("3 readers now")
    page.get_by_label("Europe", exact=True).uncheck()
    expect(number).to_contain_text("4 readers now")
