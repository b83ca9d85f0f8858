"""A reader reports an error in the record, and the team of the region is notified."""

from datetime import timedelta
from typing import Any

import pytest
from django import db
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from core.models import User
from error_reports import tasks
from error_reports.models import ErrorReport
from home.models import HomePage
from record.choices import Region
from record.models import Country, RegionTeam
from regions.models import RegionPage
from tests import factories
from tests.html import parse
from tests.jobs import RunJobs

FORM = "/tracker/report-an-error/KEN/"
REPORT = {
    "part": "status",
    "message": "It was the 15th.\nSee the depositary notification.",
    "reply_address": "ana@example.net",
}
LIST = "/admin/error_reports/"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def kenya(site_tree: HomePage) -> Country:
    factories.ContactPageFactory.create(parent=site_tree)
    country: Country = factories.CountryFactory.create(name_en="Kenya", iso3="KEN")
    page = RegionPage.objects.get(region=Region.AFRICA)
    factories.CountryPageFactory.create(parent=page, country=country)
    return country


def send(client: Client, address: str = FORM, **answers: Any) -> Any:
    """Send the form as a browser without JavaScript does."""
    return client.post(address, REPORT | answers, headers={"Sec-Fetch-Site": "same-origin"})


def member_of(region: Region, **fields: Any) -> User:
    group = Group.objects.create(name=f"{region} team")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    RegionTeam.objects.create(group=group, region=region)
    user = factories.UserFactory.create(**fields)
    user.groups.add(group)
    return user


def test_the_page_of_a_country_leads_to_the_form(client: Client) -> None:
    main = parse(client.get("/where-we-work/africa/kenya/").text).find("main")
    assert FORM in {link["href"] for link in main.find_all("a")}
    response = client.get(FORM)
    assert "Report an error: Kenya" in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies


def test_a_report_is_stored_mailed_to_the_team_and_thanked_for(
    client: Client, run_jobs: RunJobs
) -> None:
    member_of(Region.AFRICA, email="africa@example.org")
    member_of(Region.EUROPE, email="europe@example.org")
    response = send(client)
    assert response.status_code == 302
    assert "We have received your report." in client.get(response["Location"]).text
    report = ErrorReport.objects.get()
    assert (report.part, report.message) == ("status", REPORT["message"])
    assert mail.outbox == []
    assert run_jobs() == 1
    (sent,) = mail.outbox
    assert sent.to == ["africa@example.org"]
    assert sent.reply_to == ["ana@example.net"]
    assert sent.subject == "Error reported: Kenya"
    assert REPORT["message"] in sent.body
    assert "http://127.0.0.1:8000/where-we-work/africa/kenya/" in sent.body
    assert reverse("error_reports:edit", args=[report.pk]) in sent.body


@pytest.mark.parametrize("fields", [None, {"email": ""}, {"is_active": False}])
def test_without_a_team_to_mail_it_goes_to_the_secretariat(
    client: Client, run_jobs: RunJobs, fields: dict[str, Any] | None
) -> None:
    if fields is not None:
        member_of(Region.AFRICA, **fields)
    send(client)
    run_jobs()
    assert [sent.to for sent in mail.outbox] == [["secretariat@example.org"]]


def test_it_is_mailed_once_though_its_job_runs_twice(client: Client, run_jobs: RunJobs) -> None:
    send(client)
    run_jobs()
    tasks.mail_report(report_id=ErrorReport.objects.get().pk)
    assert len(mail.outbox) == 1


def test_an_address_is_not_required(client: Client, run_jobs: RunJobs) -> None:
    assert send(client, reply_address="").status_code == 302
    run_jobs()
    assert mail.outbox[0].reply_to == []


@pytest.mark.parametrize(
    "answers",
    [
        {"message": ""},
        {"message": "x" * 5_001},
        {"message": "a\0b"},
        {"part": "everything"},
        {"reply_address": "ana@example.net\nBcc: victim@example.com"},
        {"reply_address": "no address"},
        {"website": "https://example.com"},
    ],
)
def test_errors_are_shown_and_no_input_is_lost(client: Client, answers: dict[str, str]) -> None:
    response = send(client, **answers)
    assert response.status_code == 422
    assert "Please look at this again" in response.text
    assert "no-store" in response["Cache-Control"]
    assert not ErrorReport.objects.exists()
    if "message" not in answers:
        assert "See the depositary notification." in response.text


def test_other_sites_cannot_send_it(client: Client) -> None:
    response = client.post(FORM, REPORT, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not ErrorReport.objects.exists()


def test_too_many_are_turned_away(client: Client) -> None:
    assert [send(client).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert ErrorReport.objects.count() == 3


@pytest.mark.parametrize("iso3", ["XXX", "kenya", "a" * 200])
def test_there_is_no_form_for_an_unknown_state(client: Client, iso3: str) -> None:
    address = f"/tracker/report-an-error/{iso3}/"
    assert client.get(address).status_code == 404
    assert send(client, address).status_code == 404
    assert client.get(f"{address}thanks/").status_code == 404


def test_the_code_may_be_typed_in_small_letters(client: Client, run_jobs: RunJobs) -> None:
    assert "Report an error: Kenya" in client.get(FORM.replace("KEN", "ken")).text
    response = send(client, FORM.replace("KEN", "kEn"))
    assert response["Location"] == f"{FORM}thanks/"
    assert ErrorReport.objects.get().country.iso3 == "KEN"


def test_a_failure_leaves_nothing_half_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, **_options: object) -> None:
        raise db.OperationalError("the queue is gone")

    monkeypatch.setattr(app, "configure_task", fail)
    assert send(client).status_code == 503
    assert not ErrorReport.objects.exists()


def test_addresses_are_forgotten_after_a_year(client: Client) -> None:
    send(client)
    send(client)
    newer, older = ErrorReport.objects.all()
    ErrorReport.objects.filter(pk=older.pk).update(received_at=timezone.now() - timedelta(days=366))
    tasks.forget_addresses(timestamp=0)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.reply_address, newer.reply_address) == ("", "ana@example.net")
    assert older.message


# In the admin


def test_a_team_reads_and_closes_the_reports_of_its_region(client: Client, kenya: Country) -> None:
    peru = factories.CountryFactory.create(name_en="Peru", region=Region.AMERICAS)
    ours, theirs = (
        ErrorReport.objects.create(country=country, part="laws", message="Wrong.", language="en")
        for country in (kenya, peru)
    )
    client.force_login(member_of(Region.AFRICA))
    listed = client.get(LIST).text
    assert "Kenya: Its laws" in listed
    assert "Peru: Its laws" not in listed
    address = reverse("error_reports:edit", args=[ours.pk])
    assert "Wrong." in client.get(address).text
    client.post(address, {"state": "closed", "message": "Changed."})
    ours.refresh_from_db()
    assert (ours.state, ours.message) == ("closed", "Wrong.")
    for name in ("history", "usage"):
        assert client.get(reverse(f"error_reports:{name}", args=[ours.pk])).status_code == 200
    for name in ("edit", "delete", "history", "usage"):
        assert client.get(reverse(f"error_reports:{name}", args=[theirs.pk])).status_code == 302
    assert client.get(reverse("error_reports:delete", args=[ours.pk])).status_code == 302


def test_users_without_a_team_read_no_report(client: Client, kenya: Country) -> None:
    ErrorReport.objects.create(country=kenya, part="laws", message="Wrong.", language="en")
    user = factories.UserFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(LIST).status_code == 302
    assert "Error reports" not in client.get("/admin/").text


@pytest.mark.parametrize("right", ["change", "delete"])
def test_a_group_does_what_its_form_offers(
    client: Client, superuser: User, kenya: Country, right: str
) -> None:
    report = ErrorReport.objects.create(country=kenya, part="laws", message="Wrong.", language="en")
    client.force_login(superuser)
    form = parse(client.get(reverse("wagtailusers_groups:add")).text)
    offered = {box["value"] for box in form.find_all("input") if box.get("name") == "permissions"}
    permission = Permission.objects.get(codename=f"{right}_errorreport")
    assert str(permission.pk) in offered
    stewards = Group.objects.create(name="Stewards")
    stewards.permissions.add(Permission.objects.get(codename="access_admin"), permission)
    user = factories.UserFactory.create()
    user.groups.add(stewards)
    client.force_login(user)
    assert "Kenya: Its laws" in client.get(LIST).text
    edit, delete = (
        reverse(f"error_reports:{view}", args=[report.pk]) for view in ("edit", "delete")
    )
    if right == "delete":
        assert client.get(edit).status_code == 302
        client.post(delete)
        assert not ErrorReport.objects.exists()
        return
    assert "Wrong." in client.get(edit).text
    client.post(edit, {"state": "closed"})
    report.refresh_from_db()
    assert report.state == "closed"
    for view in ("history", "usage"):
        assert client.get(reverse(f"error_reports:{view}", args=[report.pk])).status_code == 200
    assert client.get(delete).status_code == 302


def test_the_secretariat_reads_all_and_adds_none(staff_client: Client, kenya: Country) -> None:
    report = ErrorReport.objects.create(country=kenya, part="laws", message="Wrong.", language="en")
    assert "Kenya: Its laws" in staff_client.get(LIST).text
    assert staff_client.get(f"{LIST}new/").status_code == 302
    staff_client.post(reverse("error_reports:delete", args=[report.pk]))
    assert not ErrorReport.objects.exists()
