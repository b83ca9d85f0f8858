"""A state that staff remove from the record by accident, and restore within the hour."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import User
from home.models import HomePage
from newsletter.issues.site_content import RecentChanges, changes_between
from record.choices import Action
from record.models import Country, RecordChange, RecordVersion
from tests import factories
from tests.html import parse

from .country_admin import add_action, address, open_form, send

pytestmark = pytest.mark.usefixtures("site_tree")

PUBLISH = "action-publish"


@pytest.fixture
def country(superuser: User) -> Country:
    """Germany, with an accession recorded two days ago."""
    with at(-48):
        germany: Country = factories.CountryFactory.create(name_en="Germany", iso3="DEU")
        action = factories.TreatyActionFactory.build(country=germany, action=Action.ACCESSION)
        germany.treaty_actions = [action]
        germany.save()
        germany.save_revision().publish()
    return germany


@contextmanager
def at(hours: float) -> Iterator[None]:
    """Move the clock some hours ahead."""
    with mock.patch(
        "django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=hours)
    ):
        yield


def told(client: Client) -> tuple[str, list[str], list[tuple[str, str]]]:
    """Return the public changes of the page, the feed and the API."""
    page = parse(client.get("/tracker/changes/").text).find("main").text
    feed = re.findall("<title>(.*?)</title>", client.get("/tracker/changes.atom").text)
    changes = client.get("/api/v1/changes").json()["changes"]
    kinds = [(change["country"], change["kind"]) for change in changes]
    return page.partition("Show")[2], feed, kinds


def news() -> RecentChanges:
    today = timezone.now().date()
    return changes_between(after=today - timedelta(days=1), until=today)


def take_out(client: Client, country: Country) -> None:
    response = client.post(address(country, "unpublish"), follow=True)
    assert "publish it again before" in response.text
    assert not Country.objects.get().live


def publish_again(client: Client, country: Country) -> None:
    assert send(client, country, open_form(client, country), PUBLISH).status_code == 302
    assert Country.objects.get().live


def test_put_back_within_the_hour_it_leaves_no_trace(
    staff_client: Client, country: Country
) -> None:
    before = told(staff_client)
    take_out(staff_client, country)
    assert told(staff_client) == before, "not yet"
    assert news() == RecentChanges()
    with at(0.9):
        publish_again(staff_client, country)
    for hours in (0.95, 2, 23):
        with at(hours):
            assert news() == RecentChanges()
            assert told(staff_client) == before
    undone = RecordVersion.objects.get(undone_by__isnull=False)
    with at(2):
        assert staff_client.get(f"/tracker/changes/?version={undone.pk}").status_code == 404


def test_only_changes_made_meanwhile_are_reported(staff_client: Client, country: Country) -> None:
    take_out(staff_client, country)
    form = open_form(staff_client, country)
    add_action(form, Action.WITHDRAWAL_NOTICE, "2020-01-01")
    assert send(staff_client, country, form, PUBLISH).status_code == 302
    [line] = news().lines
    assert "1 January 2020" in line.description


def test_after_the_hour_it_is_reported_with_the_return(
    staff_client: Client, country: Country
) -> None:
    take_out(staff_client, country)
    with at(1.1):
        assert ("DEU", "removed") in told(staff_client)[2]
        publish_again(staff_client, country)
        newest = list(RecordChange.objects.public().values_list("kind", flat=True)[:4])
        assert newest == ["added", "added", "removed", "removed"]


def test_a_second_removal_can_be_undone_too(staff_client: Client, country: Country) -> None:
    for _ in range(2):
        take_out(staff_client, country)
        publish_again(staff_client, country)
    assert news() == RecentChanges()
    take_out(staff_client, country)
    with at(1.1):
        assert ("DEU", "removed") in told(staff_client)[2]


def test_another_country_is_reported_meanwhile(staff_client: Client, country: Country) -> None:
    take_out(staff_client, country)
    factories.CountryFactory.create(name_en="Kenya", iso3="KEN")
    assert "Kenya" in told(staff_client)[0]


def test_an_issue_of_the_same_day_leaves_it_to_the_next(
    staff_client: Client, country: Country
) -> None:
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    late = midnight - timedelta(minutes=30)
    with mock.patch("django.utils.timezone.now", return_value=late):
        take_out(staff_client, country)
    assert changes_between(after=late.date() - timedelta(days=1), until=late.date()).lines == []
    with mock.patch("django.utils.timezone.now", return_value=midnight + timedelta(hours=9)):
        assert len(changes_between(after=late.date(), until=midnight.date()).lines) == 2


def test_a_job_waits_for_the_hour_to_pass(staff_client: Client, country: Country) -> None:
    take_out(staff_client, country)
    job = ProcrastinateJob.objects.get(task_name="record.show_changes")
    version = RecordVersion.objects.get(public_from__isnull=False)
    assert job.scheduled_at == version.public_from
    assert timedelta(minutes=59) < version.public_from - timezone.now() <= timedelta(hours=1)


def test_the_page_asks_with_the_consequences(staff_client: Client, country: Country) -> None:
    html = staff_client.get(address(country, "unpublish")).text
    for words in ("its 1 action", "every count", "next newsletter", "within that hour"):
        assert words in html
    assert Country.objects.get().live


def test_unpublishing_a_page_asks_with_the_consequences(staff_client: Client) -> None:
    page = factories.StandardPageFactory(parent=HomePage.objects.get())
    for path in (
        f"/admin/pages/{page.pk}/unpublish/",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={page.pk}",
    ):
        html = staff_client.get(path).text
        assert "Are you sure you want to unpublish" in html
        assert "Page not found" in html
