"""Segments in the admin, and the menu of the newsletter."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.choices import MailingKind
from newsletter.models import Mailing, Segment
from newsletter.staff.segments import count_subscribers
from record.choices import Region
from tests.newsletter.factories import SubscriberFactory

from .conftest import SignIn

LIST = "/admin/segments/"
IMPORT = "/admin/newsletter/import/"
STAY = "/admin/newsletter/stay/"
SUBSCRIBERS = "/admin/subscribers/"


@pytest.mark.parametrize(
    ("right", "shown"),
    [
        ("view_subscriber", SUBSCRIBERS),
        ("add_segment", LIST),
        ("view_segment", LIST),
        ("import_subscriber", IMPORT),
        ("send_mailing", STAY),
        (None, None),
    ],
)
def test_the_menu_depends_on_permissions(
    right: str | None, shown: str | None, sign_in: SignIn
) -> None:
    html = (sign_in(right) if right else sign_in()).get("/admin/").text
    for address in (SUBSCRIBERS, LIST, IMPORT, STAY):
        assert (f'"{address}"' in html) == (address == shown), address
    assert ('"newsletter"' in html) == bool(shown)


def test_permissions_are_offered_for_groups(staff_client: Client) -> None:
    html = staff_client.get("/admin/groups/new/").text
    for action in ("add", "change", "delete"):
        assert f"Can {action} segment" in html or f"newsletter.{action}_segment" in html


def test_other_users_without_permission_are_sent_away(sign_in: SignIn) -> None:
    segment = Segment.objects.create(name="Africa")
    client = sign_in("view_subscriber")
    for path in ("", "new/", f"edit/{segment.pk}/", f"delete/{segment.pk}/"):
        response = client.get(f"{LIST}{path}")
        assert (response.status_code, response.get("Location")) == (302, "/admin/"), path


def test_each_segment_has_its_number(staff_client: Client) -> None:
    SubscriberFactory.create(language="fr", regions=[Region.AFRICA], confirmed=True)
    SubscriberFactory.create(language="fr", confirmed=True)
    SubscriberFactory.create(language="en", regions=[Region.EUROPE], confirmed=True)
    SubscriberFactory.create(language="fr")
    segments = [
        Segment.objects.create(name="All"),
        Segment.objects.create(name="French", languages=["fr"]),
        Segment.objects.create(name="Africa", regions=[Region.AFRICA]),
        Segment.objects.create(name="Nobody", joined_until=date(2001, 1, 1)),
    ]
    expected = dict(zip((segment.pk for segment in segments), (3, 2, 2, 0), strict=True))
    assert count_subscribers(segments) == expected
    rows = re.findall(r"<tr.*?</tr>", staff_client.get(LIST).text, re.DOTALL)
    shown = {
        segment.pk: int(re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", row)[-1])
        for row in rows
        for segment in segments
        if f"edit/{segment.pk}/" in row
    }
    assert shown == expected
    html = staff_client.get(f"{LIST}edit/{segments[1].pk}/").text
    assert "2 confirmed subscribers belong to it" in html


def test_the_list_takes_no_more_queries_for_more_segments(staff_client: Client) -> None:
    staff_client.get(LIST)
    counts = []
    for begin in (0, 10):
        for number in range(begin, begin + 10):
            Segment.objects.create(name=f"Segment {number}")
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_search_and_saving(staff_client: Client) -> None:
    assert staff_client.get(f"{LIST}new/").status_code == 200
    staff_client.post(f"{LIST}new/", {"name": "Francophones", "languages": ["fr"]})
    Segment.objects.create(name="Africa")
    assert Segment.objects.get(name="Francophones").languages == ["fr"]
    html = staff_client.get(f"{LIST}?q=franc").text
    assert "Francophones" in html
    assert "Africa" not in html


def test_the_segment_of_a_waiting_mailing_is_not_deleted(staff_client: Client) -> None:
    segment = Segment.objects.create(name="Africa")
    mailing = Mailing.objects.create(
        kind=MailingKind.RECONFIRMATION,
        subject="Stay?",
        segment=segment,
        answer_by=timezone.now().date(),
    )
    response = staff_client.post(f"{LIST}delete/{segment.pk}/", follow=True)
    assert "A mailing that has not started goes to this segment" in response.text
    assert Segment.objects.exists()
    mailing.delete()
    staff_client.post(f"{LIST}delete/{segment.pk}/")
    assert not Segment.objects.exists()
