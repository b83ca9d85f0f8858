"""An invalid cookie never causes an error."""

from http.cookies import SimpleCookie
from itertools import product

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.models import User
from home.models import HomePage

NAMES = [
    settings.SESSION_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    "messages",
    "mfa_trusted",
    "wagtail_sidebar_collapsed",
]
NULS = '"' + r"\000" * 9 + '"'


def test_the_cookie_of_nuls_contains_nuls() -> None:
    assert SimpleCookie(f"name={NULS}")["name"].value == "\0" * 9


VALUES = [
    NULS,
    r'"\377\000\012"' * 4,
    '"' + r"\303\050" * 16 + '"',
    "k" * 4_000,
    "é" * 40,
    "\xff" * 32,
]


@pytest.mark.parametrize("path", ["/", "/search/?q=court", "/admin/", "/staff/sign-in/"])
def test_an_odd_cookie_is_no_error(path: str, client: Client, site_tree: HomePage) -> None:
    for name, value in product(NAMES, VALUES):
        response = client.get(path, HTTP_COOKIE=f"{name}={value}")
        assert response.status_code < 500, (name, value)


class AnyCookie(TestCase):
    @hypothesis_settings(max_examples=60)
    @given(name=st.sampled_from(NAMES), value=st.binary(max_size=60), is_quoted=st.booleans())
    def test_any_bytes_are_no_error(self, name: str, value: bytes, is_quoted: bool) -> None:
        octal = "".join(f"\\{byte:03o}" for byte in value)
        text = f'"{octal}"' if is_quoted else value.decode("latin-1")
        response = self.client.get("/staff/sign-in/", HTTP_COOKIE=f"{name}={text}")
        assert response.status_code < 500


def test_a_session_of_staff_is_found_by_its_key(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    assert len(client.cookies[settings.SESSION_COOKIE_NAME].value) == 32
    assert client.get("/admin/").status_code == 200
