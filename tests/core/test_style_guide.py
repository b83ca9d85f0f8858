"""The page of components exists in development only."""

import importlib
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches

from coalition_site import urls
from core.blocks import BodyBlock
from home.models import HomePage
from tests.html import parse


@pytest.fixture
def development() -> Iterator[None]:
    """The addresses of the site in development."""
    with override_settings(DEBUG=True):
        importlib.reload(urls)
        clear_url_caches()
        yield
    importlib.reload(urls)
    clear_url_caches()


def test_it_shows_every_block(client: Client, home_page: HomePage, development: None) -> None:
    response = client.get("/dev/components/")
    assert response.status_code == 200
    shown = [code.text for code in parse(response.text).find_all("code")]
    assert set(BodyBlock().child_blocks) <= set(shown)


@pytest.mark.parametrize(("address", "status"), [("/dev/404/", 404), ("/dev/500/", 500)])
def test_it_shows_the_error_pages(
    client: Client, home_page: HomePage, development: None, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


def test_visitors_do_not_see_it(client: Client, home_page: HomePage) -> None:
    assert client.get("/dev/components/").status_code == 404
