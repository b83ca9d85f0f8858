"""Reports in the Wagtail admin: what staff can do, and what nobody can."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from core.models import User
from tests.factories import UserFactory
from tracker.models import Erratum, FrozenRecord, YearlyReport

REPORTS = "wagtailsnippets_tracker_yearlyreport"
ERRATA = "wagtailsnippets_tracker_erratum"


def client_of(*permissions: str) -> Client:
    user: User = UserFactory.create()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", *permissions])
    )
    client = Client()
    client.force_login(user)
    return client


def freeze_url(report: YearlyReport) -> str:
    return reverse(f"{REPORTS}:freeze", args=[report.pk])


def test_a_report_is_written_and_kept_as_a_draft(world: None, staff_client: Client) -> None:
    data = {
        "year": "2024",
        "day": "2024-11-22",
        "title": "Where states stood",
        "introduction": "null",
        "body-count": "0",
    }
    response = staff_client.post(reverse(f"{REPORTS}:add"), data)
    assert response.status_code == 302
    report = YearlyReport.objects.get()
    assert not report.live
    assert not report.frozen


def test_publish_is_not_offered_and_not_done(draft: YearlyReport, staff_client: Client) -> None:
    url = reverse(f"{REPORTS}:edit", args=[draft.pk])
    page = staff_client.get(url).content.decode()
    assert "action-publish" not in page
    assert freeze_url(draft) in page
    staff_client.post(
        url,
        {
            "year": "2024",
            "day": "2024-11-22",
            "title": "T",
            "introduction": "null",
            "body-count": "0",
            "action-publish": "1",
        },
    )
    draft.refresh_from_db()
    assert not draft.live


def test_the_preview_is_computed_from_the_record(draft: YearlyReport, staff_client: Client) -> None:
    url = reverse(f"{REPORTS}:preview_on_edit", args=[draft.pk])
    data = {
        "year": "2024",
        "day": "2024-11-22",
        "title": "Words not saved yet",
        "introduction": "null",
        "body-count": "0",
    }
    staff_client.post(url, data)
    page = staff_client.get(url + "?mode=").content.decode()
    assert "Words not saved yet" in page
    assert "Nothing is frozen yet" in page
    assert "Algeria" in page
    assert not FrozenRecord.objects.exists()


def test_freezing_asks_first(draft: YearlyReport, staff_client: Client) -> None:
    page = staff_client.get(freeze_url(draft)).content.decode()
    assert draft.title in page
    assert "Nobody can change or unpublish them afterwards" in page
    assert not FrozenRecord.objects.exists()
    response = staff_client.post(freeze_url(draft), follow=True)
    assert "frozen and published" in response.content.decode()
    draft.refresh_from_db()
    assert draft.frozen


def test_freezing_twice_is_reported(draft: YearlyReport, staff_client: Client) -> None:
    staff_client.post(freeze_url(draft))
    response = staff_client.post(freeze_url(draft), follow=True)
    assert "already frozen" in response.content.decode()


def test_freezing_needs_its_own_right(draft: YearlyReport) -> None:
    editor = client_of("change_yearlyreport", "add_yearlyreport", "publish_yearlyreport")
    edit_url = reverse(f"{REPORTS}:edit", args=[draft.pk])
    assert freeze_url(draft) not in editor.get(edit_url).content.decode()
    for response in (editor.get(freeze_url(draft)), editor.post(freeze_url(draft))):
        assert response.status_code in {302, 403}
    assert not FrozenRecord.objects.exists()
    responsible = client_of("change_yearlyreport", "freeze_yearlyreport")
    responsible.post(freeze_url(draft))
    assert FrozenRecord.objects.get().frozen_by is not None


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_a_frozen_report_is_closed_to_everybody(
    report: YearlyReport, staff_client: Client, view: str
) -> None:
    url = reverse(f"{REPORTS}:{view}", args=[report.pk])
    shown = reverse(f"{REPORTS}:inspect", args=[report.pk])
    for response in (staff_client.get(url), staff_client.post(url, {"title": "Other"})):
        assert response.status_code == 302
        assert response["Location"] == shown
    page = staff_client.get(shown).content.decode()
    assert report.full_url in page


def erratum_data(report: YearlyReport) -> dict[str, Any]:
    return {
        "record": report.frozen_id,
        "day": "2025-01-02",
        "language": "en",
        "text": "Read Benin, not Mali.",
    }


def test_an_erratum_is_added_and_stays(report: YearlyReport, staff_client: Client) -> None:
    response = staff_client.post(reverse(f"{ERRATA}:add"), erratum_data(report))
    assert response.status_code == 302
    erratum = Erratum.objects.get()
    assert erratum.added_by is not None
    for view in ("edit", "delete"):
        url = reverse(f"{ERRATA}:{view}", args=[erratum.pk])
        staff_client.post(url, {**erratum_data(report), "text": "Other"})
    assert Erratum.objects.get().text == "Read Benin, not Mali."
    listed = staff_client.get(reverse(f"{ERRATA}:list")).content.decode()
    assert "Read Benin, not Mali." in listed


def test_errata_need_a_right(report: YearlyReport) -> None:
    client_of("change_yearlyreport").post(reverse(f"{ERRATA}:add"), erratum_data(report))
    assert not Erratum.objects.exists()


def test_the_list_distinguishes_drafts_from_frozen_reports(
    report: YearlyReport, staff_client: Client
) -> None:
    page = staff_client.get(reverse(f"{REPORTS}:list")).content.decode()
    assert report.title in page
    assert "Frozen on" in page
