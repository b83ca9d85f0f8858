"""The security headers of the responses that need them."""

import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from core.blocks.embeds import PLAYERS
from home.models import HomePage


def policy_of(response: HttpResponseBase) -> dict[str, list[str]]:
    directives = response.headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (directive.split() for directive in directives)}


@pytest.mark.parametrize("path", ["/", "/where-we-work/africa/", "/search/", "/nothing-here/"])
def test_public_pages_run_only_the_site_s_own_code(
    path: str, client: Client, site_tree: HomePage
) -> None:
    policy = policy_of(client.get(path))
    assert policy["default-src"] == ["'none'"]
    for directive in ("script-src", "worker-src", "connect-src", "form-action"):
        assert policy[directive] == ["'self'"]
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/search/?q=court", "/newsletter/", "/nothing-here/"])
def test_a_page_is_styled_by_the_text_it_holds_and_by_no_other(
    path: str, client: Client, site_tree: HomePage
) -> None:
    response = client.get(path)
    [style] = re.findall("<style>(.*?)</style>", response.text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy_of(response)["style-src"] == ["'self'", f"'sha256-{digest}'"]


def test_an_answer_without_the_stylesheet_allows_no_inline_style(
    client: Client, site_tree: HomePage
) -> None:
    response = client.get("/robots.txt")
    assert policy_of(response)["style-src"] == ["'self'"]


def test_only_players_of_films_may_be_framed(client: Client, site_tree: HomePage) -> None:
    allowed = policy_of(client.get("/"))["frame-src"]
    players = {f"https://{urlsplit(player).hostname}" for _pattern, player, _name in PLAYERS}
    assert set(allowed) == players


def test_the_admin_has_a_policy_of_its_own(staff_client: Client, site_tree: HomePage) -> None:
    policy = policy_of(staff_client.get("/admin/"))
    assert policy["default-src"] == ["'none'"]
    # Inline scripts, which Wagtail's inline panels need, but nothing from other sites and no `eval`.
    assert policy["script-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["frame-ancestors"] == ["'self'"]


def test_a_preview_can_be_framed_by_the_admin_alone(
    staff_client: Client, site_tree: HomePage
) -> None:
    site_tree.save_revision()
    response = staff_client.get(f"/admin/pages/{site_tree.pk}/view_draft/")
    assert response.status_code == 200
    policy = policy_of(response)
    assert policy["frame-ancestors"] == ["'self'"]
    # A hash in the list would disable 'unsafe-inline', and with it the styles of the editor.
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert "<style>" in response.text
    assert site_tree.title in response.text


def test_every_page_says_how_browsers_are_to_treat_it(client: Client, site_tree: HomePage) -> None:
    response = client.get("/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in response["Permissions-Policy"]


def test_plain_requests_go_to_tls_and_stay_there(
    client: Client, settings: Settings, site_tree: HomePage
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = Client().get("/where-we-work/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/where-we-work/")
    secure = Client().get("/where-we-work/", headers={"x-forwarded-proto": "https"})
    assert secure["Strict-Transport-Security"] == "max-age=31536000"
