"""Strangers learn nothing about accounts, and cannot lock anybody out."""

from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from core.jobs import MailNotSentError
from core.models import User
from tests.authenticator_app import code
from tests.jobs import RunJobs

from .staff import PASSWORD, is_signed_in, sign_in


class ServerThatIsDown(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("editor@example.org")


def guess(client: Client, *, times: int = 5, login: str = "editor", **extra: Any) -> Any:
    for number in range(times):
        response = sign_in(client, login=login, password=f"guess {number}", **extra)
    return response


def test_guesses_by_a_stranger_lock_nobody_out(
    client: Client, editor: User, settings: Settings
) -> None:
    guess(client, times=8, REMOTE_ADDR="203.0.113.5")
    refused = sign_in(client, REMOTE_ADDR="203.0.113.5")
    assert "Too many failed login attempts" in refused.content.decode()
    assert not is_signed_in(client)
    sign_in(client, REMOTE_ADDR="198.51.100.7")
    assert is_signed_in(client)


def test_a_guesser_who_changes_the_end_of_an_ipv6_address_stays_one_client(
    client: Client, editor: User
) -> None:
    for number in range(5):
        guess(client, times=1, REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}")
    sign_in(client, REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert not is_signed_in(client)


@pytest.mark.parametrize("login", ["editor", "editor@example.org", "EDITOR@example.org"])
def test_the_user_is_notified_of_a_lock_once_an_hour(
    client: Client, editor: User, run_jobs: RunJobs, login: str
) -> None:
    guess(client, times=4, login=login)
    assert run_jobs() == 0
    guess(client, times=1, login=login)
    guess(client, times=5, login=login, REMOTE_ADDR="198.51.100.7")
    run_jobs()
    [told] = mail.outbox
    assert told.to == ["editor@example.org"]
    assert told.subject == "Someone failed to sign in to your account"
    assert "/staff/password/" in str(told.body)


def test_no_notice_is_sent_of_guesses_for_an_unknown_name(
    client: Client, editor: User, run_jobs: RunJobs
) -> None:
    guess(client, login="nobody")
    assert run_jobs() == 1  # The same job as for an existing name.
    assert mail.outbox == []


def test_a_notice_that_could_not_be_sent_is_sent_later(
    client: Client, editor: User, run_jobs: RunJobs, settings: Settings
) -> None:
    guess(client)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.ServerThatIsDown"
    with pytest.raises(MailNotSentError) as failure:
        run_jobs()
    assert "editor@example.org" not in str(failure.value)
    settings.EMAIL_BACKEND = working
    run_jobs()
    assert len(mail.outbox) == 1


def test_a_new_password_works_right_after_five_failures(
    client: Client, editor: User, run_jobs: RunJobs
) -> None:
    guess(client)
    client.post("/staff/password/", {"email": editor.email})
    run_jobs()
    link = next(
        word for message in mail.outbox for word in str(message.body).split() if "/new/" in word
    )
    form = client.get(link, follow=True)
    new_password = "a wholly new passphrase"
    client.post(form.request["PATH_INFO"], {"password1": new_password, "password2": new_password})
    sign_in(client, password=new_password)
    assert is_signed_in(client)


def test_wrong_codes_after_the_right_password_are_notified_by_mail(
    client: Client, editor: User, secret: str, run_jobs: RunJobs
) -> None:
    sign_in(client)
    for _ in range(5):
        wrong = f"{(int(code(secret)) + 500_000) % 1_000_000:06}"
        client.post("/staff/second-step/authenticate/", {"code": wrong})
    run_jobs()
    [told] = mail.outbox
    assert told.subject == "Someone who knows your password failed the second step"


@pytest.mark.parametrize("email", ["editor@example.org", "Editor@Example.org", "x@example.org"])
def test_a_reset_is_answered_alike_while_the_mail_server_is_down(
    client: Client, editor: User, settings: Settings, email: str
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.ServerThatIsDown"
    response = client.post("/staff/password/", {"email": email})
    assert response.status_code == 302
    assert response["Location"] == "/staff/password/sent/"


def test_a_reset_runs_the_same_queries_for_known_and_unknown(client: Client, editor: User) -> None:
    asked = []
    for email in ("editor@example.org", "nobody@example.org"):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.post("/staff/password/", {"email": email})
        asked.append([query["sql"].split()[0] for query in queries.captured_queries])
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    "login", ["editor", "editor@example.org", "nobody", "nobody@example.org", "name@example.org"]
)
def test_one_password_is_hashed_for_every_login(
    client: Client, editor: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """This holds also for a user whose name is their address."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    named = User(username="name@example.org", email="name@example.org")
    for user in (editor, named):
        user.set_password(PASSWORD)
        user.save()
    hashed = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self: Any, *args: Any, **kwargs: Any) -> str:
        hashed.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    sign_in(client, login=login, password="wrong")
    assert len(hashed) == 1
