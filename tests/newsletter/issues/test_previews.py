"""Previews of an issue."""

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


def test_the_html_preview_shows_the_mail(staff_client: Client, issue: IssuePage) -> None:
    page = parse(preview(staff_client, issue, "mail"))
    assert page.find("h1").text == "March"
    assert "max-width: 552px" in page.find("body").find_all("div")[1]["style"]
    assert [link["href"] for link in page.find_all("a") if link.text == "Unsubscribe"] == ["#"]


def test_the_text_preview_keeps_line_breaks(staff_client: Client, issue: IssuePage) -> None:
    page = parse(preview(staff_client, issue, "text"))
    assert "March\n-----\n" in page.find("pre").text
    assert "What happened." in page.find("pre").text


def test_the_page_preview_shows_the_page(staff_client: Client, issue: IssuePage) -> None:
    page = preview(staff_client, issue, "")
    assert 'id="content"' in page
    assert "What happened." in page


def test_the_editor_offers_three_previews(staff_client: Client, issue: IssuePage) -> None:
    editor = staff_client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).text
    for label in ("Page", "Mail", "Mail in plain text"):
        assert label in editor
    assert 'value="mail"' in editor
    assert 'value="text"' in editor
