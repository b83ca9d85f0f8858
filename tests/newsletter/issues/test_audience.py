"""The size of an audience that editors see while they choose it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from campaigns.choices import Topic
from newsletter.models import IssueIndexPage, Segment
from record.choices import Region
from tests import factories
from tests.html import parse
from tests.newsletter.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/newsletter/issues/audience/"


@pytest.fixture
def readers(db: None) -> None:
    SubscriberFactory.create_batch(2, confirmed=True)
    SubscriberFactory.create(confirmed=True, language="ar", regions=[Region.AFRICA])
    SubscriberFactory.create(confirmed=True, language="fr", topics=[Topic.BUDGET])
    SubscriberFactory.create(language="en")


def size_of_audience(client: Client, **chosen: Any) -> Any:
    response = client.get(ADDRESS, chosen)
    assert response.status_code == 200
    return response.json()


@pytest.mark.usefixtures("readers")
def test_it_counts_the_chosen_audience(staff_client: Client) -> None:
    everybody = size_of_audience(staff_client)
    assert everybody["counts"] == {"en": 2, "fr": 1, "ar": 1}
    assert everybody["summary"] == "4 readers now: English 2, French 1, Arabic 1"
    assert size_of_audience(staff_client, languages=["ar", "fr"])["counts"] == {"ar": 1, "fr": 1}
    assert size_of_audience(staff_client, regions=["europe"])["counts"] == {"en": 2, "fr": 1}
    assert size_of_audience(staff_client, topics=["elections"])["counts"] == {"en": 2, "ar": 1}
    segment = Segment.objects.create(name="Francophones", languages=["fr"])
    assert size_of_audience(staff_client, segment=segment.pk)["counts"] == {"fr": 1}
    assert (
        size_of_audience(staff_client, segment=segment.pk, languages=["en"])["summary"]
        == "0 readers now"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("languages", "tlh"),
        ("languages", "en\0"),
        ("regions", "mars"),
        ("topics", "'; DROP TABLE--"),
        ("segment", "0"),
        ("segment", "x"),
        ("segment", "9" * 100),
        ("segment", "\0"),
    ],
)
def test_unknown_choices_are_reported(staff_client: Client, name: str, value: str) -> None:
    response = staff_client.get(ADDRESS, {name: value})
    assert response.status_code == 400
    assert response.json() == {"errors": [name]}


def test_it_changes_nothing(staff_client: Client) -> None:
    assert staff_client.post(ADDRESS).status_code == 405


def _staff(*rights: str) -> Client:
    user = factories.UserFactory.create()
    names = [right.split(".") for right in ("wagtailadmin.access_admin", *rights)]
    user.user_permissions.set(
        Permission.objects.get(content_type__app_label=app, codename=name) for app, name in names
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("right", "may"),
    [
        ("newsletter.view_subscriber", True),
        ("newsletter.send_mailing", True),
        ("newsletter.import_subscriber", False),
    ],
)
def test_only_staff_with_a_permission_see_the_number(readers: None, right: str, may: bool) -> None:
    response = _staff(right).get(ADDRESS)
    assert (response.headers["Content-Type"] == "application/json") == may
    assert ("4 readers" in response.text) == may


def test_anonymous_users_are_sent_to_the_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302


@pytest.mark.usefixtures("readers")
def test_the_editor_shows_the_saved_number(staff_client: Client, archive: IssueIndexPage) -> None:
    page = factories.IssuePageFactory.create(parent=archive, languages=["ar", "fr"])
    editor = staff_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
    [shown] = [found for found in parse_parts(editor) if found.get("data-audience") == ADDRESS]
    assert shown.text == "2 readers now: French 1, Arabic 1"
    assert shown["data-audience-published"] == "en"
    assert "js/staff/audience.js" in editor


def parse_parts(html: str) -> list[Any]:
    """Parse the paragraphs of an admin page, which does not close all its tags in order."""
    return [
        parse(f"<p{part.split('</p>')[0]}</p>").find("p")
        for part in html.split("<p")[1:]
        if part.startswith(' class="help" data-audience')
    ]


def test_the_form_of_a_new_issue_opens(staff_client: Client, archive: IssueIndexPage) -> None:
    address = reverse("wagtailadmin_pages:add", args=["newsletter", "issuepage", archive.pk])
    assert "0 readers now" in staff_client.get(address).text


def test_counting_is_one_query(
    staff_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    size_of_audience(staff_client)
    # Three of the queries are for the session and the user.
    with django_assert_max_num_queries(4):
        size_of_audience(staff_client, languages=["en", "fr"], regions=["africa"])
