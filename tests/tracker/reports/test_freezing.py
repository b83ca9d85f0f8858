"""A frozen report never changes, whatever changes in the record and whoever tries."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from core.models import User
from record.models import Country
from tests.factories import UserFactory
from tracker.models import Erratum, FrozenRecord, ReportFile, YearlyReport
from tracker.reports.services import AlreadyFrozenError, add_erratum, freeze

from .factories import YearlyReportFactory

URL = "/tracker/report/2024/"


def test_a_draft_is_not_public(draft: YearlyReport, client: Client) -> None:
    assert client.get(URL).status_code == 404
    assert draft.title not in client.get("/tracker/report/").content.decode()


def test_freezing_publishes(report: YearlyReport, client: Client) -> None:
    assert report.live
    assert report.title in client.get(URL).content.decode()
    assert report.title in client.get("/tracker/report/").content.decode()


def test_the_latest_draft_is_frozen(draft: YearlyReport, client: Client) -> None:
    draft.introduction = "<p>Words of the last draft.</p>"
    draft.save_revision()
    freeze(report_id=draft.pk)
    assert "Words of the last draft." in client.get(URL).content.decode()


def test_the_report_stays_when_the_record_changes(report: YearlyReport, client: Client) -> None:
    before = client.get(URL).content
    country = Country.objects.get(iso3="DZA")
    country.name_en = "Another name"
    country.treaty_actions = []
    country.laws = []
    country.save()
    Country.objects.filter(iso3="LBY").update(live=False)
    assert client.get(URL).content == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tracker_yearlyreport SET title = 'Other'",
        "UPDATE tracker_yearlyreport SET introduction = ''",
        "UPDATE tracker_yearlyreport SET day = '2024-01-01'",
        "UPDATE tracker_yearlyreport SET frozen_id = NULL, live = false",
        "DELETE FROM tracker_yearlyreport",
        "UPDATE tracker_frozenrecord SET data = '{}'",
        "UPDATE tracker_frozenrecord SET day = '2024-01-01'",
        "UPDATE tracker_frozenrecord SET note = 'Other'",
        "DELETE FROM tracker_frozenrecord",
        "UPDATE tracker_erratum SET text = 'Other'",
        "DELETE FROM tracker_erratum",
    ],
)
def test_the_database_refuses_changes(report: YearlyReport, sql: str) -> None:
    add_erratum(erratum=Erratum(record=report.record, text="One figure is wrong."))
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_user_who_froze_it_may_be_deleted(draft: YearlyReport) -> None:
    user = UserFactory.create()
    report = freeze(report_id=draft.pk, user=user)
    User.objects.filter(pk=user.pk).delete()
    assert FrozenRecord.objects.get(pk=report.frozen_id).frozen_by is None


def test_a_draft_may_change_and_go(draft: YearlyReport) -> None:
    draft.title = "Another title"
    draft.save()
    draft.delete()
    assert not YearlyReport.objects.exists()


def test_nothing_is_frozen_twice(report: YearlyReport) -> None:
    with pytest.raises(AlreadyFrozenError):
        freeze(report_id=report.pk)
    assert FrozenRecord.objects.count() == 1


def test_a_day_to_come_is_refused(world: None) -> None:
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    draft = YearlyReportFactory.create(year=tomorrow.year, day=tomorrow)
    with pytest.raises(ValidationError, match="in the future"):
        freeze(report_id=draft.pk)
    assert not FrozenRecord.objects.exists()


def test_a_day_of_another_year_is_refused(world: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyReportFactory.create(year=2024, day=dt.date(2023, 12, 31))


def test_only_a_frozen_report_can_be_live(draft: YearlyReport) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyReport.objects.update(live=True)


def test_a_translation_shares_what_is_frozen(report: YearlyReport, client: Client) -> None:
    """Even if it is written later, when the record has changed."""
    Country.objects.filter(iso3="MLI").update(live=False)
    arabic = Locale.objects.get_or_create(language_code="ar")[0]
    copy = report.copy_for_translation(arabic)
    copy.title = "تقرير"
    copy.save()
    assert not copy.frozen
    frozen = freeze(report_id=copy.pk)
    assert frozen.frozen_id == report.frozen_id
    page = client.get("/ar" + URL).content.decode()
    assert "تقرير" in page
    assert "بلد MLI" in page


def test_readers_of_a_language_without_a_translation_get_the_original(
    report: YearlyReport, client: Client
) -> None:
    page = client.get("/ar" + URL).content.decode()
    assert f'<h1 lang="en" dir="ltr">{report.title}</h1>' in page
    assert "بلد DZA" in page


def test_an_erratum_stands_above_the_report_with_its_day(
    report: YearlyReport, client: Client
) -> None:
    erratum = Erratum(record=report.record, day=dt.date(2025, 2, 3), text="Read 4, not 5.")
    add_erratum(erratum=erratum)
    page = client.get(URL).content.decode()
    assert "3 February 2025" in page
    assert page.index("Read 4, not 5.") < page.index("Key figures")
    assert "Read 4, not 5." in client.get("/ar" + URL).content.decode()


def test_files_are_ordered_for_the_languages_of_the_site(draft: YearlyReport) -> None:
    freeze(report_id=draft.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'language' FROM procrastinate_jobs WHERE task_name = 'tracker.make_report_pdf'"
        )
        assert cursor.fetchall() == [("en",)]
    assert not ReportFile.objects.exists()
