"""Times in the admin are in the account's time zone, which is always shown, also when the clocks change."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.models import DraftStateMixin, Page, get_page_models
from wagtail.snippets.models import get_snippet_models
from wagtail.users.models import UserProfile

from core.admin_times import ZonedDateTimeField
from core.models import User
from error_reports.models import ErrorReport
from home.models import HomePage, StandardPage
from newsletter.models import IssuePage, Mailing
from tests import factories
from tests.newsletter.factories import SubscriberFactory

from .test_editing import a_text_in, form_of

# A zone with a fixed offset, one whose clocks change, and one with neither.
ZONES = ["Asia/Tokyo", "America/New_York", "Africa/Nairobi", "Australia/Lord_Howe", "UTC"]
# 08:30 UTC is 17:30 in Tokyo, 03:30 in New York, 11:30 in Nairobi.
MOMENT = datetime(2030, 12, 2, 8, 30, tzinfo=UTC)
SHOWN = {
    "Asia/Tokyo": ("2030-12-02 17:30", "2 December 2030, 17:30 JST"),
    "America/New_York": ("2030-12-02 03:30", "2 December 2030, 03:30 EST"),
    "Africa/Nairobi": ("2030-12-02 11:30", "2 December 2030, 11:30 EAT"),
    "UTC": ("2030-12-02 08:30", "2 December 2030, 08:30 UTC"),
}


def move_to(user: User, zone: str) -> None:
    """Choose a time zone under Account > Time zone."""
    UserProfile.objects.update_or_create(user=user, defaults={"current_time_zone": zone})


@pytest.fixture(params=SHOWN)
def zone(request: pytest.FixtureRequest, superuser: User) -> str:
    name: str = request.param
    move_to(superuser, name)
    return name


@pytest.fixture
def issue(home_page: HomePage) -> IssuePage:
    archive = factories.IssueIndexPageFactory(parent=home_page)
    page: IssuePage = factories.IssuePageFactory(
        parent=archive, preheader="Words", body=[("text", "<p>Words.</p>")]
    )
    page.save_revision().publish()
    SubscriberFactory.create(confirmed=True)
    return page


def test_an_issue_is_sent_at_the_time_that_its_page_shows(
    staff_client: Client, zone: str, issue: IssuePage
) -> None:
    typed, shown = SHOWN[zone]
    address = reverse("newsletter_issue", args=[issue.pk])
    assert f"In the time zone of your account: {zone}." in staff_client.get(address).text
    data = {"scheduled_at": typed, "warnings_accepted": "on"}
    html = staff_client.post(address, data, follow=True).text
    mailing = Mailing.objects.get()
    assert mailing.scheduled_at == MOMENT
    assert shown in html
    Mailing.objects.update(started_at=MOMENT, finished_at=MOMENT + timedelta(minutes=5))
    html = staff_client.get(reverse("newsletter_mailing", args=[mailing.pk])).text
    assert html.count(shown) == 1
    assert shown.replace(":30 ", ":35 ") in html


def edited(client: Client, page: Page, **changes: str) -> str:
    """Return the values in the editor after a page was saved in it with these changes."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(client.get(address).text) | a_text_in("body") | changes
    response = client.post(address, data)
    if response.status_code == 200:
        return response.text
    return client.get(address).text


def test_a_page_is_published_at_the_time_that_its_editor_shows(
    staff_client: Client, zone: str, home_page: HomePage
) -> None:
    typed, shown = SHOWN[zone]
    page = factories.StandardPageFactory(parent=home_page, live=False)
    html = edited(staff_client, page, go_live_at=typed, expire_at="", **{"action-publish": "1"})
    assert html.count(f"In the time zone of your account: {zone}.") == 2
    assert shown in html
    assert f'value="{typed}"' in html
    page.refresh_from_db()
    assert page.go_live_at == MOMENT
    # Saved again without changes.
    edited(staff_client, page, title="Another title")
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().go_live_at == MOMENT
    history = staff_client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).text
    assert shown in history
    assert re.search(r'content-value="[^"]*\d\d:\d\d [A-Z]{3,4}"', history)


def test_a_time_of_today_is_shown_with_its_zone(
    staff_client: Client, zone: str, home_page: HomePage
) -> None:
    page = factories.StandardPageFactory(parent=home_page)
    page.save_revision().publish()
    html = staff_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
    created = page.get_latest_revision().created_at.astimezone(ZoneInfo(zone))
    assert f"{created:%H:%M %Z}" in html


def test_a_report_of_an_error_says_when_it_came(staff_client: Client, zone: str) -> None:
    report = ErrorReport.objects.create(
        country=factories.CountryFactory.create(), part="laws", message="Wrong.", language="en"
    )
    ErrorReport.objects.update(received_at=MOMENT)
    for name in ("error_reports:edit", "error_reports:index"):
        address = reverse(name, args=[report.pk] if name.endswith("edit") else [])
        assert SHOWN[zone][1] in staff_client.get(address).text


def test_exports_are_in_utc_and_say_so(
    staff_client: Client, zone: str, home_page: HomePage
) -> None:
    StandardPage.objects.all().delete()
    page = factories.StandardPageFactory(parent=home_page, title="A page that ages")
    Page.objects.filter(pk=page.pk).update(last_published_at=MOMENT)
    report = reverse("wagtailadmin_reports:aging_pages")
    text = b"".join(staff_client.get(report, {"export": "csv"})).decode()
    assert "2030-12-02 08:30:00+00:00" in text
    content = b"".join(staff_client.get(report, {"export": "xlsx"}))
    cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
    cell = next(cell for cell in cells if cell.value == MOMENT.replace(tzinfo=None))
    assert cell.number_format.endswith('hh:mm "UTC"')


# When the clocks change


def as_read(zone: str, text: str) -> datetime | None:
    with timezone.override(zone):
        return ZonedDateTimeField().clean(text)


def test_an_hour_that_the_clocks_skip_is_refused_in_words() -> None:
    with pytest.raises(ValidationError) as refusal:
        as_read("America/New_York", "2026-03-08 02:30")
    [message] = refusal.value.messages
    assert "2026-03-08 02:30 does not exist in America/New_York" in message
    written = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", message)[1:]
    assert written == ["2026-03-08 01:30", "2026-03-08 03:30"]
    assert all(as_read("America/New_York", text) for text in written)


def test_an_hour_that_happens_twice_is_refused_with_both_ways_to_write_it() -> None:
    with pytest.raises(ValidationError) as refusal:
        as_read("America/New_York", "2026-11-01 01:30")
    [message] = refusal.value.messages
    assert "2026-11-01 01:30 occurs twice in America/New_York" in message
    first, second = re.findall(r"2026-11-01 01:30-\d\d:\d\d", message)
    assert as_read("America/New_York", first) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert as_read("America/New_York", second) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01 00:00", "9999-12-31 23:59-12:00", "later", "2026-13-01"]
)
def test_no_other_text_is_a_time(text: str) -> None:
    with pytest.raises(ValidationError):
        as_read("Asia/Tokyo", text)


near_a_change = st.sampled_from(
    [
        datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, forward
        datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, back
        datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, back by half an hour
        datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe, forward by half an hour
    ]
).flatmap(
    lambda change: st.integers(-4 * 3600, 4 * 3600).map(
        lambda seconds: change + timedelta(seconds=seconds)
    )
)
any_time = st.datetimes(datetime(2000, 1, 2), datetime(2999, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(moment=near_a_change | any_time, zone=st.sampled_from(ZONES))
def test_every_stored_time_is_read_back_unchanged(moment: datetime, zone: str) -> None:
    with timezone.override(zone):
        field = ZonedDateTimeField()
        assert field.clean(field.prepare_value(moment)) == moment
        assert not field.has_changed(moment, field.prepare_value(moment))


@given(
    typed=st.one_of(near_a_change, any_time).map(lambda moment: moment.replace(tzinfo=None)),
    zone=st.sampled_from(ZONES),
)
def test_every_typed_time_is_shown_as_typed_or_refused(typed: datetime, zone: str) -> None:
    typed = typed.replace(second=0)
    text = typed.isoformat(sep=" ", timespec="minutes")
    offsets = {typed.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
    with timezone.override(zone):
        field = ZonedDateTimeField()
        if len(offsets) == 2:
            with pytest.raises(ValidationError, match="clocks"):
                field.clean(text)
            return
        moment = field.clean(text)
        assert field.prepare_value(moment) == text
        assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == typed


# Schedules that have passed


def test_a_schedule_that_is_over_does_not_stop_saving(
    staff_client: Client, home_page: HomePage
) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="page")
    passed = timezone.now() - timedelta(days=1)
    page.expire_at = passed
    page.save_revision()
    Page.objects.filter(pk=page.pk).update(expire_at=passed, expired=True, live=False)
    edited(staff_client, page, title="A draft")
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "A draft"
    edited(staff_client, page, title="Public again", **{"action-publish": "1"})
    page.refresh_from_db()
    assert page.live
    assert page.expire_at is None, "or the next minute takes it down again"
    assert staff_client.get("/page/").status_code == 200


def test_a_page_published_without_its_form_stays_after_an_expiry_that_has_passed(
    home_page: HomePage,
) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="page")
    page.expire_at = timezone.now() - timedelta(days=1)
    page.save_revision().publish()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.live
    assert page.expire_at is None


def test_aliases_of_such_a_page_stay_too(home_page: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="page")
    alias = page.create_alias(update_slug="alias")
    page.expire_at = timezone.now() - timedelta(days=1)
    page.save_revision().publish()
    call_command("publish_scheduled")
    alias.refresh_from_db()
    assert alias.live


def test_an_expiry_to_come_is_kept_when_a_page_is_published(home_page: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="page")
    page.expire_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    page.refresh_from_db()
    assert page.expire_at is not None


def test_a_time_that_has_passed_cannot_be_typed(staff_client: Client, home_page: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home_page)
    html = edited(staff_client, page, expire_at="2020-01-01 09:00")
    assert "Expiry date/time must be in the future." in html


SCHEDULED = [
    model
    for model in [*get_page_models(), *get_snippet_models()]
    if issubclass(model, DraftStateMixin) and model._meta.app_label != "wagtailcore"
]


@pytest.mark.parametrize("model", SCHEDULED)
def test_everything_with_a_schedule_names_the_zone(model: type[DraftStateMixin]) -> None:
    if issubclass(model, Page):
        form = model.get_edit_handler().get_form_class()
    else:
        form = model.snippet_viewset.get_edit_handler().get_form_class()
    for name in {"go_live_at", "expire_at"} & set(form.base_fields):
        assert isinstance(form.base_fields[name], ZonedDateTimeField)


def test_accounts_offer_zones_that_browsers_know(staff_client: Client) -> None:
    html = staff_client.get(reverse("wagtailadmin_account")).text
    offered = set(re.findall(r'<option value="([A-Z]\w+/[\w/+-]+)"', html))
    assert {"Asia/Tokyo", "America/New_York", "Africa/Nairobi"} <= offered
    assert "localtime" not in settings.WAGTAIL_USER_TIME_ZONES
