"""Users whose password is changed are notified, and signed out elsewhere."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.users.models import UserProfile

from core.models import User
from tests import factories
from tests.jobs import RunJobs

from .staff import PASSWORD

NEW = "a wholly new passphrase"


@pytest.fixture
def session_elsewhere(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def was_told(run_jobs: RunJobs) -> bool:
    run_jobs()
    return [(message.to, message.subject) for message in mail.outbox] == [
        (["editor@example.org"], "Your password was changed")
    ]


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def account_form(client: Client) -> dict[str, str]:
    form = client.get("/admin/account/").context["panels_by_tab"]
    data = {}
    for panels in form.values():
        for panel in panels:
            for field in panel.get_form():
                data[field.html_name] = field.value() or ""
    return data


def test_by_the_person_in_the_admin(
    client: Client, editor: User, session_elsewhere: Client, run_jobs: RunJobs
) -> None:
    client.force_login(editor)
    response = client.post(
        "/admin/account/",
        account_form(client)
        | {
            "name_email-first_name": "An",
            "name_email-last_name": "Editor",
            "password-old_password": PASSWORD,
            "password-new_password1": NEW,
            "password-new_password2": NEW,
        },
    )
    assert response.status_code == 302
    assert was_told(run_jobs)
    assert is_inside(client)
    assert not is_inside(session_elsewhere)


def test_by_another_member_of_staff(
    staff_client: Client, editor: User, session_elsewhere: Client, run_jobs: RunJobs
) -> None:
    response = staff_client.post(
        f"/admin/users/edit/{editor.pk}/",
        {
            "username": "editor",
            "email": editor.email,
            "first_name": "An",
            "last_name": "Editor",
            "is_active": "on",
            "password1": NEW,
            "password2": NEW,
            "groups": [group.pk for group in editor.groups.all()],
        },
    )
    assert response.status_code == 302
    assert was_told(run_jobs)
    assert not is_inside(session_elsewhere)


def test_by_a_link_in_a_mail(
    client: Client, editor: User, session_elsewhere: Client, run_jobs: RunJobs
) -> None:
    client.post("/staff/password/", {"email": editor.email})
    run_jobs()
    [message] = mail.outbox
    link = next(word for word in str(message.body).split() if "/new/" in word)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    mail.outbox.clear()
    assert was_told(run_jobs)
    assert not is_inside(session_elsewhere)


def test_on_the_server(
    editor: User,
    session_elsewhere: Client,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", "editor")
    assert was_told(run_jobs)
    assert not is_inside(session_elsewhere)


def test_a_change_of_another_field_sends_no_notice(editor: User, run_jobs: RunJobs) -> None:
    editor.first_name = "Ana"
    editor.save()
    factories.UserFactory.create(username="new").set_password(PASSWORD)
    assert run_jobs() == 0


def test_it_is_sent_in_the_language_of_the_user(editor: User, run_jobs: RunJobs) -> None:
    UserProfile.objects.create(user=editor, preferred_language="fr")
    editor.set_password(NEW)
    editor.save()
    run_jobs()
    [message] = mail.outbox
    assert message.subject == "Votre mot de passe a été modifié"


def test_a_changed_address_is_reported_to_the_former_one(
    client: Client, editor: User, run_jobs: RunJobs
) -> None:
    client.post("/staff/password/", {"email": "editor@example.org"})
    run_jobs()  # django-allauth stores the address when it creates a link.
    mail.outbox.clear()
    editor.email = "new@example.org"
    editor.save()
    [job] = ProcrastinateJob.objects.filter(task_name="core.send_account_notice")
    assert "@" not in str(job.args)
    run_jobs()
    [message] = mail.outbox
    assert message.to == ["editor@example.org"]
    assert message.subject == "The e-mail address of your account was changed"

    client.post("/staff/sign-in/", {"login": "editor@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.post("/staff/sign-in/", {"login": "new@example.org", "password": PASSWORD})
    assert "_auth_user_id" in client.session
