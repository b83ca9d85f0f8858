"""What editors see of an issue before it is sent."""

import pytest
from django.test import Client
from django.urls import reverse

from newsletter.models import IssueIndexPage, IssuePage
from tests import factories
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(archive: IssueIndexPage) -> IssuePage:
    page: IssuePage = factories.IssuePageFactory.create(parent=archive, title="March", live=False)
    page.save_revision()
    return page


def preview(client: Client, issue: IssuePage, mode: str) -> str:
    address = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    response = client.get(address, {"mode": mode})
    assert response.status_code == 200
    assert "'unsafe-inline'" in response["Content-Security-Policy"].split("style-src")[1]
    return response.text


def test_the_mail_is_shown_as_its_readers_get_it(staff_client: Client, issue: IssuePage) -> None:
    page = parse(preview(staff_client, issue, "mail"))
    assert page.find("h1").text == "March"
    assert "max-width: 552px" in page.find("body").find_all("div")[1]["style"]
    assert [link["href"] for link in page.find_all("a") if link.text == "Unsubscribe"] == ["#"]


def test_the_plain_part_is_shown_line_by_line(staff_client: Client, issue: IssuePage) -> None:
    page = parse(preview(staff_client, issue, "text"))
    assert "March\n-----\n" in page.find("pre").text
    assert "What happened." in page.find("pre").text


def test_the_page_is_shown_as_visitors_see_it(staff_client: Client, issue: IssuePage) -> None:
    page = preview(staff_client, issue, "")
    assert 'id="content"' in page
    assert "What happened." in page


def test_the_editor_offers_the_three(staff_client: Client, issue: IssuePage) -> None:
    editor = staff_client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).text
    for words in ("Page", "Mail", "Mail in plain text"):
        assert words in editor
    assert 'value="mail"' in editor
    assert 'value="text"' in editor
