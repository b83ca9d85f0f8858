"""The contact form, from the page to the mail."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any
from urllib.parse import urlencode

import pytest
from django import db
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import GroupPagePermission

from contact import services, tasks
from contact.models import ContactFormField, ContactMessage, ContactPage
from core.jobs import MailNotSentError
from home.models import HomePage
from tests import factories
from tests.jobs import RunJobs

MESSAGE = {
    "answer_your_name": "Ana",
    "answer_e_mail": "ana@example.net",
    "answer_subject": "A question",
    "answer_message": "When does the Assembly meet?\nThank you.",
}


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def page(home_page: HomePage) -> ContactPage:
    return factories.ContactPageFactory.create(parent=home_page)


def send(client: Client, page: ContactPage, **answers: Any) -> Any:
    """Send the form as a browser without JavaScript does."""
    return client.post(
        reverse("contact_message", args=[page.pk]),
        MESSAGE | answers,
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_page_shows_the_fields_of_staff_to_everybody_alike(
    client: Client, page: ContactPage
) -> None:
    response = client.get(page.url)
    assert response.status_code == 200
    for label in ("Your name", "E-mail", "Subject", "Message"):
        assert label in response.text
    assert f'action="{reverse("contact_message", args=[page.pk])}"' in response.text
    assert "csrfmiddlewaretoken" not in response.text
    assert not response.cookies
    assert "secretariat@example.org" not in response.text


def test_message_is_stored_mailed_and_thanked_for(
    client: Client, page: ContactPage, run_jobs: RunJobs
) -> None:
    response = send(client, page)
    assert response.status_code == 302
    thanks = client.get(response["Location"])
    assert "We answer within a week." in thanks.text
    assert '<meta name="robots" content="noindex">' in thanks.text

    message = ContactMessage.objects.get()
    assert message.form_data == MESSAGE
    assert mail.outbox == []
    assert run_jobs() == 1
    (sent,) = mail.outbox
    assert sent.to == ["secretariat@example.org"]
    assert sent.reply_to == ["ana@example.net"]
    assert sent.subject == "Contact: A question"
    assert "Message\nWhen does the Assembly meet?\nThank you." in sent.body
    message.refresh_from_db()
    assert message.mailed_at


def test_message_is_mailed_once_though_its_job_runs_twice(
    client: Client, page: ContactPage, run_jobs: RunJobs
) -> None:
    send(client, page)
    run_jobs()
    tasks.mail_message(message_id=ContactMessage.objects.get().pk)
    assert len(mail.outbox) == 1


def test_mail_that_fails_is_tried_again(
    client: Client, page: ContactPage, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(message: EmailMessage) -> None:
        raise SMTPServerDisconnected("ana@example.net")

    send(client, page)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fail)
        with pytest.raises(MailNotSentError) as error:
            run_jobs()
    assert "ana@example.net" not in str(error.value)
    assert run_jobs() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "subject",
    ["A\r\nBcc: victim@example.com", "A\nTo: x@example.com", "A\x0bB\u2028Cc: y", "\x85Bcc: z"],
)
def test_subject_adds_no_header(
    client: Client, page: ContactPage, run_jobs: RunJobs, subject: str
) -> None:
    send(client, page, answer_subject=subject)
    run_jobs()
    for sent in mail.outbox:
        message = sent.message()
        assert set(message.keys()) <= {
            "Content-Type", "MIME-Version", "Content-Transfer-Encoding",
            "Subject", "From", "To", "Reply-To", "Date", "Message-ID",
        }  # fmt: skip
        assert sent.recipients() == ["secretariat@example.org"]
    assert len(mail.outbox) == ContactMessage.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.net\r\nBcc: victim@example.com",
        "ana@example.net, b@example.com",
        "no address",
        "",
    ],
)
def test_wrong_reply_address_is_named_and_the_rest_kept(
    client: Client, page: ContactPage, address: str
) -> None:
    response = send(client, page, answer_e_mail=address)
    assert response.status_code == 422
    assert response["Cache-Control"] == "private, no-store"
    assert 'href="#id_answer_e_mail"' in response.text
    assert "When does the Assembly meet?" in response.text
    assert not ContactMessage.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_text_is_returned_as_text(client: Client, page: ContactPage) -> None:
    response = send(
        client, page, answer_message="</textarea><script>alert(1)</script>", answer_e_mail=""
    )
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(
    "answers",
    [
        {"answer_message": "x" * 5_001},
        {"answer_subject": "x" * 256},
        {"answer_your_name": "\x00"},
        {"answer_message": ["a", "b"], "answer_e_mail": "\ud800"},
        {"website": "https://spam.example"},
        {"proof": "x" * 100_000},
        {"unknown": "x"},
    ],
)
def test_hostile_form_gives_no_error_page(
    client: Client, page: ContactPage, answers: dict[str, Any]
) -> None:
    response = client.post(
        reverse("contact_message", args=[page.pk]),
        urlencode(MESSAGE | answers, doseq=True, errors="surrogatepass"),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code in {302, 422}
    for message in ContactMessage.objects.all():
        assert set(message.form_data) == set(MESSAGE)


def test_other_site_cannot_send_the_form(client: Client, page: ContactPage) -> None:
    response = client.post(
        reverse("contact_message", args=[page.pk]),
        MESSAGE,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert not ContactMessage.objects.exists()


def test_too_many_messages_are_turned_away(client: Client, page: ContactPage) -> None:
    statuses = [send(client, page).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert ContactMessage.objects.count() == 3


def test_failure_leaves_nothing_half_stored(
    client: Client,
    page: ContactPage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(name: str, **_options: object) -> None:
        raise db.OperationalError("Failing row contains (writer@example.org)")

    monkeypatch.setattr(app, "configure_task", fail)
    response = send(client, page)
    assert response.status_code == 503
    assert "contact.failed" in caplog.messages
    assert "writer@example.org" not in caplog.text
    assert "Something went wrong on our side" in response.text
    assert not ContactMessage.objects.exists()


def test_reloading_where_messages_are_sent_leads_back_to_the_form(
    client: Client, page: ContactPage
) -> None:
    response = client.get(reverse("contact_message", args=[page.pk]))
    assert response["Location"] == page.url


def test_unpublished_page_takes_no_message(client: Client, page: ContactPage) -> None:
    page.unpublish()
    assert send(client, page).status_code == 404
    assert client.get(reverse("contact_thanks", args=[page.pk])).status_code == 404


def test_messages_are_deleted_after_the_days_that_staff_set(
    client: Client, page: ContactPage
) -> None:
    other = factories.ContactPageFactory.create(
        parent=page.get_parent(), slug="other", keep_days=400
    )
    for target in (page, other):
        services.receive_message(page=target, answers=MESSAGE)
    ContactMessage.objects.update(submit_time=timezone.now() - timedelta(days=181))
    services.receive_message(page=page, answers=MESSAGE)
    tasks.delete_old_messages(timestamp=0)
    assert sorted(ContactMessage.objects.values_list("page_id", flat=True)) == [page.pk, other.pk]


def test_only_those_with_the_right_read_messages(client: Client, page: ContactPage) -> None:
    services.receive_message(page=page, answers=MESSAGE)
    editors = Group.objects.create(name="Web editors")
    for permission in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=editors,
            page=page.get_parent(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=permission
            ),
        )
    editors.permissions.add(Permission.objects.get(codename="access_admin"))
    user = factories.UserFactory.create()
    user.groups.add(editors)
    client.force_login(user)
    submissions = reverse("wagtailforms:list_submissions", args=[page.pk])
    assert client.get(submissions).status_code in {302, 403, 404}

    editors.permissions.add(Permission.objects.get(codename="view_contactmessage"))
    response = client.get(submissions)
    assert response.status_code == 200
    assert "When does the Assembly meet?" in response.text


def test_staff_cannot_mistype_recipients(page: ContactPage) -> None:
    page.recipients = "secretariat@example.org\nBcc: x"
    with pytest.raises(ValidationError) as error:
        page.full_clean()
    assert "recipients" in error.value.message_dict
    page.recipients = "secretariat@example.org\n press@example.org\n"
    page.full_clean()
    assert page.recipient_list == ["secretariat@example.org", "press@example.org"]


def test_only_an_address_can_be_answered_to(page: ContactPage) -> None:
    field = page.form_fields.get(label="Your name")
    field.role = "reply_address"
    with pytest.raises(ValidationError):
        field.full_clean()
    with pytest.raises(db.IntegrityError), db.transaction.atomic():
        field.save()


def test_field_named_like_the_trap_for_bots_is_only_a_field(
    client: Client, page: ContactPage
) -> None:
    ContactFormField.objects.create(
        page=page, locale=page.locale, label="Website", field_type="singleline", required=False
    )
    assert send(client, page, answer_website="https://example.net").status_code == 302
    message = ContactMessage.objects.get()
    assert message.form_data == MESSAGE | {"answer_website": "https://example.net"}
