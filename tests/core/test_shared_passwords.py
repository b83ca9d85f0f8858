"""Shared passwords cannot be guessed without limit."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from home.models import HomePage, StandardPage
from tests import factories

PASSWORD = "sesame"


@pytest.fixture(params=["page", "documents"])
def address(request: pytest.FixtureRequest, home_page: HomePage) -> str:
    """The address to which the password of a private page or collection of documents is sent."""
    cache.clear()
    if request.param == "page":
        page: StandardPage = factories.StandardPageFactory.create(parent=home_page)
        restriction = PageViewRestriction.objects.create(
            page=page, restriction_type="password", password=PASSWORD
        )
        return f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    collection = Collection.get_first_root_node().add_child(name="Private")
    of_documents = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password=PASSWORD
    )
    return f"/documents/authenticate_with_password/{of_documents.pk}/"


def send(client: Client, address: str, password: str, **extra: Any) -> Any:
    return client.post(address, {"password": password, "return_url": "/"}, **extra)


def test_guesses_end_after_ten(client: Client, address: str) -> None:
    for number in range(10):
        assert send(client, address, f"guess {number}").status_code == 200
    refused = send(client, address, PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "Too many wrong passwords" in refused.content.decode()


def test_guesses_by_a_stranger_do_not_close_the_page_to_others(
    client: Client, address: str
) -> None:
    for number in range(12):
        send(client, address, f"guess {number}", REMOTE_ADDR="203.0.113.5")
    response = send(client, address, PASSWORD, REMOTE_ADDR="198.51.100.7")
    assert response.status_code == 302


def test_right_passwords_are_not_counted(client: Client, address: str) -> None:
    """Many readers may share a client address."""
    for _ in range(12):
        assert send(Client(), address, PASSWORD).status_code == 302


def test_it_is_said_in_the_language_of_the_page(
    client: Client, home_page: HomePage, settings: Settings
) -> None:
    cache.clear()
    page = factories.StandardPageFactory.create(parent=home_page)
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password=PASSWORD
    )
    address = f"/fr/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    for number in range(11):
        response = send(client, address, f"guess {number}")
    assert "Trop de mots de passe erronés" in response.content.decode()
