"""Staff send an issue, and a supporter receives it and unsubscribes: in the browser, with a worker's jobs."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from newsletter.choices import SubscriberState
from newsletter.mailings import public_web
from newsletter.models import IssuePage, Subscriber
from tests.jobs import run_jobs
from tests.newsletter.factories import SubscriberFactory

from .accessibility import violations
from .staff import open_as_staff

READER = "reader@example.org"


@pytest.fixture
def issue(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> IssuePage:
    """Return the issue of the demo content, with one English reader. Requests nothing outside this machine."""
    monkeypatch.setattr(public_web, "status_of", lambda url, seconds: 200)
    cache.clear()
    mail.outbox.clear()
    SubscriberFactory.create(email=READER, confirmed=True)
    found: IssuePage = IssuePage.objects.filter(locale__language_code="en").latest("date")
    return found


def send(page: Page, issue: IssuePage) -> None:
    """Go from the list of issues to the order to send one."""
    open_as_staff(page, "/admin/newsletter/issues/")
    page.get_by_role("link", name=issue.title).first.click()
    expect(page.get_by_role("row", name=re.compile("^Recipients"))).to_contain_text("1 subscriber")
    # The links have not been checked yet, which is a warning.
    page.get_by_label(re.compile("I have read the warnings")).check()
    page.get_by_role("button", name="Send, or schedule").click()
    expect(page.get_by_text("The issue is about to be sent.")).to_be_visible()


def test_staff_send_an_issue_and_its_reader_leaves_with_one_click(
    page: Page, issue: IssuePage
) -> None:
    send(page, issue)
    run_jobs()
    # The page refreshes itself.
    expect(page.get_by_text(re.compile("1 of 1 done"))).to_be_visible()
    expect(page.locator("dd", has_text=re.compile("^Sent$"))).to_be_visible()

    [sent] = [one for one in mail.outbox if one.to == [READER]]
    link = re.search(r"https?://\S+/unsubscribe/\S+", str(sent.body))
    assert link
    page.goto(link[0])
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    assert Subscriber.objects.get(email=READER).state == SubscriberState.UNSUBSCRIBED

    open_as_staff(page, "/admin/newsletter/issues/")
    page.get_by_role("link", name=issue.title).first.click()
    unsubscribed = page.get_by_role("row", name=re.compile("^Unsubscribed"))
    expect(unsubscribed).to_contain_text("100.0 %")


def test_the_pages_of_sending_shut_nobody_out(page: Page, issue: IssuePage) -> None:
    open_as_staff(page, f"/admin/newsletter/issues/{issue.pk}/")
    assert violations(page) == []
    send(page, issue)
    page.reload()  # Removes Wagtail's own message, whose colours are not ours.
    assert violations(page) == []
    run_jobs()
    expect(page.get_by_text(re.compile("1 of 1 done"))).to_be_visible()
    assert violations(page) == []
