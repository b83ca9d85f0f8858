"""The site's icon at the address that browsers request without reading a page."""

from http import HTTPStatus

from django.contrib.staticfiles import finders
from django.test import Client


def test_browsers_find_an_icon_where_they_look_for_one(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == HTTPStatus.FOUND
    assert "max-age=86400" in response["Cache-Control"]
    name = response["Location"].removeprefix("/static/")
    assert finders.find(name), f"{response['Location']} is no static file"
