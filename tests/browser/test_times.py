"""Staff type a time with its offset from UTC, which Wagtail's own chooser does not support."""

from playwright.sync_api import Page, expect

from newsletter.models import IssuePage
from tests.newsletter.factories import SubscriberFactory

from .staff import open_as_staff

WITH_OFFSET = "2027-11-07 01:30-05:00"


def test_a_typed_time_stays_and_the_chooser_closes_with_its_field(
    page: Page, transactional_db: None
) -> None:
    SubscriberFactory.create(confirmed=True)  # An issue without recipients cannot be sent.
    issue = IssuePage.objects.filter(locale__language_code="en").latest("date")
    open_as_staff(page, f"/admin/newsletter/issues/{issue.pk}/")
    field = page.locator("[name=scheduled_at]")
    chooser = page.locator(".xdsoft_datetimepicker").filter(visible=True)

    field.click()
    expect(chooser).to_have_count(1)
    field.fill(WITH_OFFSET)
    field.press("Tab")
    expect(chooser).to_have_count(0)
    expect(field).to_have_value(WITH_OFFSET)
