"""Staff sign in with a password and a second step. There is no other way into the admin."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from core.models import User
from home.models import HomePage
from tests import factories
from tests.authenticator_app import code
from tests.jobs import RunJobs

from .staff import PASSWORD, is_signed_in, sign_in


def wrong_code(secret: str) -> str:
    return f"{(int(code(secret)) + 500_000) % 1_000_000:06}"


@pytest.fixture(autouse=True)
def required(settings: Settings) -> None:
    settings.STAFF_MFA_REQUIRED = True


def test_the_admin_sends_strangers_to_sign_in_and_back(client: Client, db: None) -> None:
    response = client.get("/admin/reports/locked/")
    assert response.status_code == 302
    assert response["Location"] == "/staff/sign-in/?next=/admin/reports/locked/"


def test_a_password_and_a_code_lead_to_the_admin(client: Client, editor: User, secret: str) -> None:
    response = sign_in(client, query="?next=/admin/account/")
    assert response["Location"] == "/staff/second-step/authenticate/"
    assert not is_signed_in(client)
    response = client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    assert response["Location"] == "/admin/account/"
    response = client.get("/admin/account/")
    assert response.status_code == 200
    assert "/staff/second-step/" in response.content.decode()


def test_a_wrong_code_leads_nowhere(client: Client, editor: User, secret: str) -> None:
    sign_in(client)
    response = client.post("/staff/second-step/authenticate/", {"code": wrong_code(secret)})
    assert response.status_code == 200
    assert "Incorrect code" in response.content.decode()
    assert not is_signed_in(client)


def test_a_code_can_be_used_once(client: Client, editor: User, secret: str) -> None:
    used = code(secret)
    sign_in(client)
    client.post("/staff/second-step/authenticate/", {"code": used})
    client.post("/staff/sign-out/")
    sign_in(client)
    client.post("/staff/second-step/authenticate/", {"code": used})
    assert not is_signed_in(client)


def test_without_a_second_factor_the_first_thing_is_to_set_one_up(
    client: Client, editor: User
) -> None:
    sign_in(client, login="editor@example.org")
    response = client.get("/admin/")
    assert response["Location"] == "/staff/second-step/"
    assert "One more step" in client.get("/staff/second-step/").content.decode()
    assert client.get("/staff/second-step/totp/activate/").status_code == 200


def test_a_session_that_came_in_without_a_second_step_does_not_reach_the_admin(
    client: Client, editor: User, secret: str
) -> None:
    client.force_login(editor)
    assert client.get("/admin/")["Location"] == "/staff/second-step/"


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/", "/fr/_util/login/"])
def test_wagtails_own_sign_in_is_closed(
    client: Client, home_page: HomePage, editor: User, address: str
) -> None:
    response = client.post(address, {"username": "editor", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"].endswith("/staff/sign-in/")
    assert not is_signed_in(client)


def test_wagtails_own_password_reset_is_closed(client: Client, editor: User) -> None:
    response = client.post("/admin/password_reset/", {"email": editor.email})
    assert response["Location"] == "/staff/password/"
    assert client.get("/admin/password_reset/confirm/MQ/a-b/").status_code == 404
    assert mail.outbox == []


def test_without_the_permission_the_admin_says_so(client: Client, db: None) -> None:
    client.force_login(factories.UserFactory.create(username="reader"))
    response = client.get("/admin/")
    assert response.status_code == 403
    assert "You are signed in as reader" in response.content.decode()


def test_a_password_is_enough_if_no_second_factor_is_required(
    client: Client, editor: User, settings: Settings
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_an_existing_second_factor_is_used_even_if_not_required(
    client: Client, editor: User, secret: str, settings: Settings
) -> None:
    settings.STAFF_MFA_REQUIRED = False
    assert sign_in(client)["Location"] == "/staff/second-step/authenticate/"


def test_guessing_a_password_ends_after_five_tries(client: Client, editor: User) -> None:
    for guess in range(5):
        sign_in(client, password=f"guess {guess}")
    response = sign_in(client)
    assert "Too many failed login attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_a_code_ends_too(client: Client, editor: User, secret: str) -> None:
    sign_in(client)
    for _ in range(5):
        client.post("/staff/second-step/authenticate/", {"code": wrong_code(secret)})
    client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", r"\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(
    client: Client, editor: User, secret: str, target: str
) -> None:
    sign_in(client, query=f"?next={target}")
    response = client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    assert response["Location"] == "/admin/"


def test_unknown_and_wrong_are_answered_alike(client: Client, editor: User) -> None:
    unknown = sign_in(client, login="nobody@example.org", password="wrong")
    wrong = sign_in(client, login="editor@example.org", password="wrong")
    assert unknown.status_code == wrong.status_code == 200

    def words(response: Any) -> str:
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        return text.replace("nobody@", "editor@")

    assert words(unknown) == words(wrong)


def test_a_forgotten_password_is_set_anew_by_mail(
    client: Client, editor: User, secret: str, settings: Settings, run_jobs: RunJobs
) -> None:
    settings.SITE_URL = "https://www.example.org"
    known = client.post("/staff/password/", {"email": editor.email}, headers={"Host": "localhost"})
    assert run_jobs() == 1
    [message] = mail.outbox
    unknown = client.post("/staff/password/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"] == "/staff/password/sent/"
    assert run_jobs() == 1  # One job, as for a known address.
    assert len(mail.outbox) == 1  # Strangers get none.

    link = re.search(r"https://www\.example\.org(/staff/password/new/\S+)", str(message.body))
    assert link
    form = client.get(link[1], follow=True)
    new_password = "a wholly new passphrase"
    client.post(form.request["PATH_INFO"], {"password1": new_password, "password2": new_password})
    response = sign_in(client, password=new_password)
    assert response["Location"] == "/staff/second-step/authenticate/"


def test_nobody_makes_an_account_for_themselves(client: Client, db: None) -> None:
    response = client.post(
        "/staff/sign-up/",
        {"email": "new@example.org", "username": "new", "password1": PASSWORD},
    )
    assert "closed" in response.content.decode()
    assert not User.objects.filter(username="new").exists()


def test_sign_in_pages_are_kept_by_no_cache_and_no_search_engine(client: Client, db: None) -> None:
    response = client.get("/staff/sign-in/")
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_signing_out_of_the_admin_leads_to_the_sign_in_page(
    client: Client, editor: User, secret: str
) -> None:
    sign_in(client)
    client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    response = client.post("/admin/logout/")
    assert response["Location"] == "/staff/sign-in/"
    assert not is_signed_in(client)


def test_a_lost_second_factor_is_reset_by_a_command(
    client: Client,
    editor: User,
    secret: str,
    run_jobs: RunJobs,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sign_in(client)
    client.post("/staff/second-step/authenticate/", {"code": code(secret)})
    of_somebody_else = Client()
    of_somebody_else.force_login(factories.SuperuserFactory.create(username="another"))

    call_command("reset_second_factor", "editor")
    assert capsys.readouterr().out == "1 removed. 1 sessions ended.\n"
    assert not Authenticator.objects.exists()
    assert client.get("/admin/")["Location"] == "/staff/sign-in/?next=/admin/"
    assert is_signed_in(of_somebody_else)
    run_jobs()
    [told] = mail.outbox
    assert told.to == [editor.email]
    assert "removed" in str(told.body)

    sign_in(client)
    assert client.get("/admin/")["Location"] == "/staff/second-step/"
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody")
