"""The session state that an open form receives."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from core.models import User
from tests import factories
from tests.authenticator_app import code

from .staff import sign_in


def state(client: Client) -> dict[str, Any]:
    response = client.get("/staff/session/")
    assert "no-store" in response["Cache-Control"]
    told: dict[str, Any] = response.json()
    return told


def test_strangers_are_nobody(client: Client, db: None) -> None:
    assert state(client) == {"person": None}
    assert "csrftoken" not in client.cookies


def test_users_without_access_to_the_admin_are_anonymous(client: Client, db: None) -> None:
    client.force_login(factories.UserFactory.create())
    assert state(client) == {"person": None}


def test_a_session_without_the_second_step_is_anonymous(
    client: Client, editor: User, secret: str, settings: Settings
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    sign_in(client)
    assert state(client) == {"person": None}
    client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    assert state(client)["person"] == editor.pk


@pytest.mark.parametrize("path", ["/admin/account/", "/admin/reports/site-history/"])
def test_every_page_of_the_admin_has_the_watch(staff_client: Client, path: str) -> None:
    assert 'data-session="/staff/session/"' in staff_client.get(path).content.decode()


def test_the_token_is_the_one_that_forms_need(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    superuser = factories.SuperuserFactory.create()
    client.force_login(superuser)
    token = state(client)["csrf_token"]
    assert client.post("/admin/logout/").status_code == 403
    assert client.post("/admin/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
