"""Redirects by staff and of moved pages: to the same target, with the query string."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.redirects.models import Redirect

from home.models import HomePage
from tests import factories


@pytest.mark.parametrize(
    ("target", "asked", "location"),
    [
        ("/new/", "/old/", "/new/"),
        ("/new/", "/old/?utm_source=mail&x=a%20b", "/new/?utm_source=mail&x=a%20b"),
        ("/new/?from=old", "/old/?page=2", "/new/?from=old&page=2"),
        ("/new/#part", "/old/?page=2", "/new/?page=2#part"),
        ("https://example.org/x", "/old/?page=2", "https://example.org/x?page=2"),
    ],
)
def test_the_query_string_is_kept(
    client: Client, home_page: HomePage, target: str, asked: str, location: str
) -> None:
    redirect = Redirect.objects.create(old_path="/old", redirect_link=target)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, location)
    redirect.is_permanent = False
    redirect.save()
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, location)


def test_a_redirect_of_a_query_string_leads_where_it_says(
    client: Client, home_page: HomePage
) -> None:
    Redirect.objects.create(old_path="/old?id=3", redirect_link="/new/")
    assert client.get("/old/?id=3")["Location"] == "/new/"
    assert client.get("/old/?id=4").status_code == 404


def test_a_page_that_moved_is_found_with_its_query_string(
    client: Client,
    home_page: HomePage,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="before")
    page.save_revision().publish()
    page.slug = "after"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    response = client.get("/before/?a=1")
    assert (response.status_code, response["Location"]) == (301, "/after/?a=1")


def test_a_language_without_a_front_page_keeps_it_too(client: Client, home_page: HomePage) -> None:
    factories.StandardPageFactory(parent=home_page, slug="about")
    assert client.get("/fr/about/?a=1")["Location"] == "/about/?a=1"
