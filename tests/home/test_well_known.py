"""Files under `/.well-known/` for programs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from contact.models import ContactPage
from home.models import HomePage
from tests import factories


def fields(client: Client) -> dict[str, str]:
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


@pytest.fixture
def contact_page(home_page: HomePage) -> ContactPage:
    page: ContactPage = factories.ContactPageFactory.create(parent=home_page, slug="contact")
    return page


def test_security_txt_names_the_contact_page(
    client: Client, contact_page: ContactPage, settings: Settings
) -> None:
    settings.SITE_URL = "https://www.example.org"
    found = fields(client)
    assert found["Contact"] == "https://www.example.org/contact/"
    assert found["Canonical"] == "https://www.example.org/.well-known/security.txt"
    assert found["Preferred-Languages"] == "en, fr, es, ar"


def test_security_txt_is_valid_for_half_a_year_from_today(
    client: Client, contact_page: ContactPage
) -> None:
    expires = fields(client)["Expires"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", expires)
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=178) < left < timedelta(days=181)


def test_security_txt_names_the_contact_of_the_settings(
    client: Client, home_page: HomePage, settings: Settings
) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    assert fields(client)["Contact"] == "mailto:security@example.org"


def test_without_a_contact_there_is_no_security_txt(
    client: Client, contact_page: ContactPage
) -> None:
    contact_page.unpublish()
    assert client.get("/.well-known/security.txt").status_code == 404


def test_password_managers_find_where_a_password_is_changed(
    client: Client, home_page: HomePage
) -> None:
    response = client.get("/.well-known/change-password")
    assert response.status_code == 302
    assert response["Location"] == "/admin/account/"
    # Programs also request this, to learn whether the server distinguishes existing from missing addresses.
    absent = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert client.get(absent).status_code == 404
