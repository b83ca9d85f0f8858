"""The map in a frame on another site."""

import re

import pytest
from django.test import Client

from record.models import Country

from .test_page import map_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def test_others_may_frame_it_and_nothing_else(client: Client, states: dict[str, Country]) -> None:
    response = client.get("/tracker/embed/")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    tracker = client.get("/tracker/")
    assert "frame-ancestors 'none'" in tracker["Content-Security-Policy"]
    assert tracker["X-Frame-Options"] == "DENY"


def test_it_needs_neither_cookies_nor_scripts(client: Client, states: dict[str, Country]) -> None:
    response = client.get("/tracker/embed/")
    assert not response.cookies
    assert "<script" not in response.text
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_it_names_the_coalition_and_the_day(client: Client, states: dict[str, Country]) -> None:
    html = client.get("/tracker/embed/?on=2010-12-31&region=africa").text
    assert "As of 31 December 2010." in words(html)
    assert "Coalition for the International Criminal Court" in words(html)
    assert 'href="http://127.0.0.1:8000/tracker/?on=2010-12-31&amp;region=africa"' in html
    assert '<base target="_blank">' in html
    assert sorted(label.split(":")[0] for label in map_of(html)) == ["Burundi", "Niger", "Senegal"]


def test_its_links_leave_the_frame_for_whole_addresses(
    client: Client, states: dict[str, Country]
) -> None:
    html = client.get("/ar/tracker/embed/?region=africa").text
    assert 'lang="ar" dir="rtl"' in html
    hrefs = re.findall(r'<a\b[^>]*href="(/[^"]*)"', html)
    assert hrefs
    assert all(href.startswith("/ar/tracker/?") for href in hrefs)


def test_other_filters_are_for_the_tracker(client: Client, states: dict[str, Country]) -> None:
    assert len(map_of(client.get("/tracker/embed/?status=withdrawn&q=xyz").text)) == 6


def test_a_wrong_day_still_shows_a_map(client: Client, states: dict[str, Country]) -> None:
    response = client.get("/tracker/embed/?on=yesterday")
    assert response.status_code == 400
    assert len(map_of(response.text)) == 6
