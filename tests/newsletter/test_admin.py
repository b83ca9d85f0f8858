"""Subscribers in the admin: permissions, list and export."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from campaigns.choices import Topic
from core.models import PersonRequest, User
from newsletter import services
from newsletter.choices import SubscriberState, SuppressionReason
from newsletter.models import Subscriber
from record.choices import Region

from .factories import SubscriberFactory

LIST = "/admin/subscribers/"
EXPORT = f"{LIST}?export="


@pytest.fixture
def editor(home_page: Page) -> User:
    """Create a user who may edit every page, and nothing else."""
    group = Group.objects.create(name="Newsroom")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    edit = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=home_page, permission=edit)
    user = User.objects.create_user("editor", password=None)
    user.groups.add(group)
    return user


@pytest.fixture
def editor_client(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def allow(user: User, *codenames: str) -> None:
    permissions = Permission.objects.filter(
        content_type__app_label="newsletter", codename__in=codenames
    )
    assert len(permissions) == len(codenames)
    user.user_permissions.add(*permissions)


def emails(response: Any) -> set[str]:
    return {subscriber.email for subscriber in response.context["object_list"]}


# Permissions


def test_editor_without_the_permission_sees_nothing(editor_client: Client) -> None:
    subscriber = SubscriberFactory.create()
    assert LIST not in editor_client.get("/admin/").text
    for path in (LIST, f"{LIST}results/", f"{LIST}inspect/{subscriber.pk}/", f"{EXPORT}csv"):
        response = editor_client.get(path)
        assert response.status_code == 302
        assert response["Location"] == "/admin/"


def test_view_permission_does_not_include_export(editor: User, editor_client: Client) -> None:
    subscriber = SubscriberFactory.create()
    allow(editor, "view_subscriber")
    assert LIST in editor_client.get("/admin/").text
    response = editor_client.get(LIST)
    assert subscriber.email in response.text
    assert "export=csv" not in response.text
    refused = editor_client.get(f"{EXPORT}csv")
    assert refused.status_code in {302, 403}
    assert subscriber.email not in str(refused.content)

    allow(editor, "export_subscriber")
    assert "export=csv" in editor_client.get(LIST).text
    assert subscriber.email in editor_client.get(f"{EXPORT}csv").getvalue().decode()


def test_permissions_can_be_given_to_a_group(staff_client: Client) -> None:
    html = staff_client.get(reverse("wagtailusers_groups:add")).text
    assert "Can export subscribers" in html


def test_staff_cannot_add_or_edit_subscribers(staff_client: Client) -> None:
    subscriber = SubscriberFactory.create()
    html = staff_client.get(LIST).text
    for action in ("new/", f"edit/{subscriber.pk}/", f"delete/{subscriber.pk}/"):
        assert f"{LIST}{action}" not in html
        assert staff_client.get(f"{LIST}{action}").status_code == 404


# The list


def test_filters_and_search(staff_client: Client) -> None:
    ana = SubscriberFactory.create(
        email="ana@example.org", language="es", topics=[Topic.BUDGET], confirmed=True
    )
    omar = SubscriberFactory.create(
        email="omar@example.org", language="ar", regions=[Region.AFRICA], topics=[Topic.ELECTIONS]
    )
    assert emails(staff_client.get(LIST)) == {ana.email, omar.email}
    for query, expected in [
        (f"state={SubscriberState.CONFIRMED}", {ana.email}),
        ("language=ar", {omar.email}),
        (f"region={Region.EUROPE}", {ana.email}),
        (f"topic={Topic.BUDGET}", {ana.email}),
        (f"region={Region.AFRICA}", {ana.email, omar.email}),
        ("q=omar", {omar.email}),
        ("q=Ana", {ana.email}),
        ("signed_up_at_to=2020-01-01", set()),
    ]:
        assert emails(staff_client.get(f"{LIST}?{query}")) == expected, query


def test_list_takes_no_more_queries_for_more_subscribers(staff_client: Client) -> None:
    staff_client.get(LIST)
    counts = []
    for _ in range(2):
        SubscriberFactory.create_batch(10, confirmed=True)
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_subscriber_is_shown_with_the_consent_records(staff_client: Client) -> None:
    services.suppress(email="ana@example.org", reason=SuppressionReason.BOUNCED)
    ana = SubscriberFactory.create(email="ana@example.org", regions=[Region.AFRICA])
    html = staff_client.get(f"{LIST}inspect/{ana.pk}/").text
    assert "Africa" in html
    assert "Suppression" in html


# Export


def test_csv_cells_are_text_to_a_spreadsheet(staff_client: Client) -> None:
    for start in ("=", "+", "-"):
        SubscriberFactory.create(email=f"{start}cmd@example.org")
    text = staff_client.get(f"{EXPORT}csv").getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["E-mail address"] for row in rows} == {
        f"'{start}cmd@example.org" for start in ("=", "+", "-")
    }


def test_xlsx_contains_no_formula(staff_client: Client) -> None:
    SubscriberFactory.create(email="=cmd@example.org", topics=[Topic.BUDGET], confirmed=True)
    response = staff_client.get(f"{EXPORT}xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=cmd@example.org" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_export_follows_the_filter(staff_client: Client) -> None:
    SubscriberFactory.create(email="pending@example.org")
    SubscriberFactory.create(email="confirmed@example.org", confirmed=True)
    text = staff_client.get(f"{EXPORT}csv&state=confirmed").getvalue().decode()
    assert "confirmed@example.org" in text
    assert "pending@example.org" not in text


# Commands


def test_commands_export_and_erase(capsys: pytest.CaptureFixture[str]) -> None:
    SubscriberFactory.create(email="ana@example.org")
    call_command("subscriber", "export", "Ana@example.org", reason="Asked by mail")
    assert '"email": "ana@example.org"' in capsys.readouterr().out
    call_command("subscriber", "erase", "ana@example.org", "--dry-run")
    assert Subscriber.objects.count() == 1
    call_command("subscriber", "erase", "ana@example.org", reason="Asked by letter")
    assert Subscriber.objects.count() == 0
    assert "1 entries erased" in capsys.readouterr().out
    assert list(PersonRequest.objects.values_list("kind", "reason")) == [
        ("erasure", "Asked by letter"),
        ("export", "Asked by mail"),
    ]
    with pytest.raises(CommandError, match="e-mail address"):
        call_command("subscriber", "erase", "nonsense", reason="Asked by mail")


@pytest.mark.parametrize("reason", ["", "Asked by ana@example.org"])
def test_commands_ask_for_a_reason_without_an_address(reason: str) -> None:
    SubscriberFactory.create(email="ana@example.org")
    with pytest.raises(CommandError, match="--reason: "):
        call_command("subscriber", "erase", "ana@example.org", reason=reason)
    assert Subscriber.objects.count() == 1
    assert not PersonRequest.objects.exists()
