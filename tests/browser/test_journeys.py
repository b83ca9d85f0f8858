"""Common tasks of visitors, performed in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import CampaignPage
from core.models import User
from regions.models import RegionPage
from tests import factories

from .conftest import OpenPage

PASSWORD = "correct horse battery staple"


def test_from_the_front_page_to_a_region_to_a_campaign(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Africa", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Africa")
    facts = page.get_by_role("region", name="Key facts")
    expect(facts.get_by_role("definition").first).to_have_text(re.compile(r"\d"))
    campaign = page.get_by_role("navigation", name="Relevant campaigns").get_by_role("link")
    title = campaign.first.inner_text()
    campaign.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_every_campaign_is_two_clicks_from_the_front_page_at_most(page: Page) -> None:
    campaigns = list(CampaignPage.objects.filter(locale__language_code="en"))
    assert len(campaigns) == 9
    for campaign in campaigns:
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name=campaign.title, exact=True).click()
        expect(page).to_have_url(re.compile(f"{campaign.get_url_parts()[2]}$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(campaign.title)


def test_a_visitor_changes_the_language_and_stays_on_the_page(page: Page) -> None:
    page.goto("/where-we-work/")
    page.locator("header a[hreflang=ar]").click()
    expect(page).to_have_url(re.compile("/ar/where-we-work/$"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.fixture
def editor(transactional_db: None) -> User:
    editor = factories.SuperuserFactory.create(username="editor")
    editor.set_password(PASSWORD)
    editor.save()
    return editor


def test_staff_change_a_key_fact_and_see_it_live(open_page: OpenPage, editor: User) -> None:
    europe = RegionPage.objects.get(region="europe", locale__language_code="en")
    visitor = open_page()
    visitor.goto(europe.get_url_parts()[2])
    figure = visitor.locator(".fact", has_text="Coalition members").locator("dd")
    expect(figure).not_to_have_text("4711")

    staff = open_page()
    staff.goto(f"/admin/pages/{europe.pk}/edit/")
    sign_in(staff)
    kinds = [staff.locator(f"#id_key_facts-{row}-kind").input_value() for row in range(3)]
    staff.locator(f"#id_key_facts-{kinds.index('coalition_members')}-value").fill("4711")
    staff.get_by_role("button", name="More actions").click()
    staff.get_by_role("button", name="Publish").click()
    expect(staff.get_by_role("status").first).to_contain_text("has been published")

    visitor.reload()
    expect(figure).to_have_text("4711")


def test_staff_record_an_accession_and_the_region_counts_it(
    open_page: OpenPage, editor: User
) -> None:
    asia = RegionPage.objects.get(region="asia-pacific", locale__language_code="en")
    visitor = open_page()
    visitor.goto(asia.get_url_parts()[2])
    figure = visitor.locator(".fact", has_text="ICC member states").locator("dd")
    before = int(figure.inner_text())

    staff = open_page()
    staff.goto("/admin/snippets/record/country/?q=nepal")
    sign_in(staff)
    staff.get_by_role("link", name="Nepal", exact=True).click()
    staff.get_by_role("button", name="Add treaty action").click()
    row = staff.locator("#inline_child_treaty_actions-0")
    row.get_by_label("Action*").select_option("ratification")
    row.get_by_label("Date*").fill("2026-03-02")
    row.get_by_label("Source*").fill("Notification of the depositary")
    staff.get_by_role("button", name="More actions").click()
    staff.get_by_role("button", name="Publish").click()
    expect(row).to_contain_text("A state that did not sign accedes")

    row.get_by_label("Action*").select_option("accession")
    staff.get_by_role("button", name="More actions").click()
    staff.get_by_role("button", name="Publish").click()
    expect(staff.get_by_role("status").first).to_contain_text("Nepal")

    visitor.reload()
    expect(figure).to_have_text(str(before + 1))
    facts = visitor.get_by_role("region", name="Key facts")
    expect(facts).to_contain_text("counted from our record")
    expect(facts).to_contain_text("Last published figure: 20")


def sign_in(staff: Page) -> None:
    staff.get_by_label("Username or e-mail address").fill("editor")
    staff.get_by_label("Password").fill(PASSWORD)
    staff.get_by_role("button", name="Sign in", exact=True).click()
