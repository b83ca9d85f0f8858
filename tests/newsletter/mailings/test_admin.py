"""Screens of mailings in the admin: permissions, content and actions."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import ModelLogEntry, PageLogEntry

from core.models import User
from newsletter.choices import DeliveryState, MailingState
from newsletter.mailings import link_checks, services
from newsletter.mailings.checks import Checklist
from newsletter.models import Delivery, IssueIndexPage, IssuePage, Mailing, Subscriber
from tests import factories

from .conftest import Order

pytestmark = pytest.mark.usefixtures("readers")

LIST = "/admin/newsletter/issues/"


def page_of(issue: IssuePage) -> str:
    return reverse("newsletter_issue", args=[issue.pk])


def page_of_mailing(mailing: Mailing) -> str:
    return reverse("newsletter_mailing", args=[mailing.pk])


@pytest.fixture
def started(order: Order) -> Mailing:
    mailing = order()
    services.start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    return mailing


# Permissions


def test_only_users_with_a_permission_see_it(
    client: Client, issue: IssuePage, started: Mailing
) -> None:
    group = Group.objects.create(name="Newsroom")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = User.objects.create_user("editor", password=None)
    editor.groups.add(group)
    client.force_login(editor)
    paths = [LIST, page_of(issue), page_of_mailing(started), f"{page_of_mailing(started)}progress/"]
    for path in paths:
        assert client.get(path).status_code in {302, 403}
        assert client.post(path, {"action": "cancel"}).status_code in {302, 403}
    started.refresh_from_db()
    assert started.state == MailingState.SENDING
    group.permissions.add(Permission.objects.get(codename="view_mailing"))
    client.force_login(User.objects.get(pk=editor.pk))
    for path in paths:
        assert client.get(path, follow=True).status_code == 200
    assert 'value="cancel"' not in client.get(page_of_mailing(started)).text
    client.post(page_of_mailing(started), {"action": "cancel"})
    started.refresh_from_db()
    assert started.state == MailingState.SENDING, "viewers change nothing"
    group.permissions.add(Permission.objects.get(codename="send_mailing"))
    client.force_login(User.objects.get(pk=editor.pk))
    client.post(page_of_mailing(started), {"action": "cancel"})
    started.refresh_from_db()
    assert started.state == MailingState.CANCELLED


def test_the_permission_is_offered_for_groups(staff_client: Client) -> None:
    assert "Can send issues" in staff_client.get(reverse("wagtailusers_groups:add")).text


def test_an_issue_offers_its_checks_where_it_is_edited(
    staff_client: Client, issue: IssuePage
) -> None:
    html = staff_client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).text
    assert page_of(issue) in html


def test_the_workflow_approves_an_issue(issue: IssuePage, superuser: User, order: Order) -> None:
    """An editor submits, a moderator approves: then the published issue may be sent."""
    issue.title = "Written by an editor"
    issue.save_revision()
    issue.refresh_from_db()
    editor = User.objects.create_user("editor", password=None)
    workflow = issue.get_workflow().start(issue, editor)
    with pytest.raises(services.MailingRefusedError, match="Approval"):
        order()
    workflow.current_task_state.approve(user=superuser)
    assert order().subject == "Written by an editor"


# The list


def test_the_list_shows_the_state_of_each_issue(
    staff_client: Client, issue: IssuePage, started: Mailing
) -> None:
    html = staff_client.get(LIST).text
    assert issue.title in html
    assert "Sending" in html
    assert f"{LIST}{issue.get_parent().pk}/digest/" in html
    assert page_of(issue) in html


def test_the_list_takes_no_more_queries_for_more_issues(
    staff_client: Client, index: IssueIndexPage
) -> None:
    staff_client.get(LIST)
    counts = []
    for number in range(2):
        for other in range(5):
            factories.IssuePageFactory.create(
                parent=index, title=f"Issue {number}.{other}", slug=f"issue-{number}-{other}"
            )
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


# Before sending


def test_the_page_shows_every_check_and_queues_the_link_check(
    staff_client: Client, issue: IssuePage
) -> None:
    html = staff_client.get(page_of(issue)).text
    for text in ("Approval", "3 subscribers", "in progress", "Unsubscribe link"):
        assert text in html
    staff_client.get(page_of(issue))
    tried = ProcrastinateJob.objects.filter(task_name="newsletter.check_links", status="todo")
    assert tried.count() == 1, "however often the page is opened"


def test_a_blocked_issue_has_no_button(staff_client: Client, issue: IssuePage) -> None:
    issue.unpublish()
    html = staff_client.get(page_of(issue)).text
    assert "cannot be sent yet" in html
    assert 'name="scheduled_at"' not in html
    response = staff_client.post(page_of(issue), {"warnings_accepted": "on"})
    assert response.status_code == 422
    assert not Mailing.objects.exists()


def test_send_now(staff_client: Client, issue: IssuePage) -> None:
    response = staff_client.post(page_of(issue), {"warnings_accepted": "on"})
    mailing = Mailing.objects.get()
    assert response["Location"] == page_of_mailing(mailing)
    assert PageLogEntry.objects.filter(action="newsletter.order", page=issue.pk).exists()
    assert staff_client.get(page_of(issue))["Location"] == page_of_mailing(mailing)


def test_schedule(staff_client: Client, issue: IssuePage) -> None:
    moment = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    staff_client.post(
        page_of(issue), {"scheduled_at": f"{moment:%Y-%m-%d %H:%M}", "warnings_accepted": "on"}
    )
    mailing = Mailing.objects.get()
    assert mailing.scheduled_at == moment
    assert "Scheduled" in staff_client.get(page_of_mailing(mailing)).text


@pytest.mark.parametrize("moment", ["2020-01-01 10:00", "soon", "9999-99-99 99:99"])
def test_an_impossible_time_is_explained(
    staff_client: Client, issue: IssuePage, moment: str
) -> None:
    response = staff_client.post(
        page_of(issue), {"scheduled_at": moment, "warnings_accepted": "on"}
    )
    assert response.status_code == 422
    assert not Mailing.objects.exists()


def test_without_warnings_there_is_no_checkbox(staff_client: Client, issue: IssuePage) -> None:
    Subscriber.objects.exclude(language="en").delete()
    for url in Checklist(issue).links:
        cache.set(link_checks._key(url), (200, ""), 60)
    assert "warnings_accepted" not in staff_client.get(page_of(issue)).text
    assert staff_client.post(page_of(issue), {}).status_code == 302
    assert Mailing.objects.exists()


def test_a_test_goes_to_the_user_and_unsubscribes_nobody(
    staff_client: Client, superuser: User, issue: IssuePage
) -> None:
    response = staff_client.post(page_of(issue), {"test": "1", "language": "en"})
    assert response.status_code == 302
    [test] = mail.outbox
    assert test.to == [superuser.email]
    assert test.subject == f"[Test] {issue.title}"
    html = str(test.alternatives[0][0])  # type: ignore[attr-defined]
    for part in (test.body, html):
        assert "%%" not in part
        assert "/unsubscribe/" not in part
    assert not Mailing.objects.exists()


def test_a_failed_test_is_reported_without_the_servers_text(
    staff_client: Client, superuser: User, issue: IssuePage, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = staff_client.post(page_of(issue), {"test": "1", "language": "en"})
    assert response.status_code == 503
    assert "could not be sent: ConnectionRefusedError" in response.text


def test_a_test_has_the_headers_of_an_issue_and_goes_to_colleagues(
    staff_client: Client, superuser: User, issue: IssuePage
) -> None:
    group = Group.objects.create(name="Readers of tests")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    colleague = User.objects.create_user("colleague", "colleague@example.org", None)
    colleague.groups.add(group)
    User.objects.create_user("visitor", "visitor@example.org", None)
    page = staff_client.get(page_of(issue)).text
    assert "colleague@example.org" in page
    assert "visitor@example.org" not in page
    data = {"test": "1", "language": "en", "colleagues": [colleague.pk]}
    assert staff_client.post(page_of(issue), data).status_code == 302
    assert [test.to for test in mail.outbox] == [[superuser.email], [colleague.email]]
    headers = mail.outbox[1].message()
    for name in (
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Help",
        "Feedback-ID",
    ):
        assert len(headers.get_all(name) or []) == 1, name
    assert mail.outbox[0].message()["Message-ID"] != headers["Message-ID"]


def test_a_test_goes_only_to_staff_and_superusers_stay_hidden(
    client: Client, issue: IssuePage, superuser: User
) -> None:
    group = Group.objects.create(name="Senders")
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", "send_mailing"]))
    sender = User.objects.create_user("sender", "sender@example.org", None)
    sender.groups.add(group)
    client.force_login(sender)
    assert superuser.email not in client.get(page_of(issue)).text
    data = {"test": "1", "language": "en", "colleagues": [superuser.pk]}
    assert client.post(page_of(issue), data).status_code == 422
    assert mail.outbox == []


# Running mailings


def test_each_button_takes_its_action(staff_client: Client, started: Mailing) -> None:
    for action, state in (
        ("pause", MailingState.PAUSED),
        ("resume", MailingState.SENDING),
        ("cancel", MailingState.CANCELLED),
    ):
        html = staff_client.get(page_of_mailing(started)).text
        assert f'value="{action}"' in html
        staff_client.post(page_of_mailing(started), {"action": action})
        started.refresh_from_db()
        assert started.state == state
        assert ModelLogEntry.objects.filter(action=f"newsletter.{action}").exists()


@pytest.mark.parametrize("action", ["resume", "explode", ""])
def test_impossible_actions_are_refused(
    staff_client: Client, started: Mailing, action: str
) -> None:
    response = staff_client.post(page_of_mailing(started), {"action": action}, follow=True)
    assert response.status_code == 200
    started.refresh_from_db()
    assert started.state == MailingState.SENDING
    assert not ModelLogEntry.objects.filter(action__startswith="newsletter.").exists()


def test_an_order_can_be_cancelled(staff_client: Client, order: Order) -> None:
    mailing = order(hours=1)
    response = staff_client.post(page_of_mailing(mailing), {"action": "cancel"})
    assert response["Location"] == LIST
    assert not Mailing.objects.exists()


def test_figures_show_the_outcomes(staff_client: Client, started: Mailing) -> None:
    first, second, third = Delivery.objects.order_by("pk")
    now = timezone.now()
    Delivery.objects.filter(pk=first.pk).update(
        state=DeliveryState.SENT, settled_at=now, unsubscribed_at=now
    )
    Delivery.objects.filter(pk=second.pk).update(
        state=DeliveryState.SENT, settled_at=now + timedelta(minutes=3), bounced_at=now
    )
    Delivery.objects.filter(pk=third.pk).update(
        state=DeliveryState.UNCERTAIN, settled_at=now, claim=1
    )
    with CaptureQueriesContext(connection) as queries:
        response = staff_client.get(f"{page_of_mailing(started)}progress/")
    assert response["X-Mailing-State"] == MailingState.SENDING
    assert "3 of 3 done" in response.text
    assert response.text.count("50.0 %") == 2
    assert response.text.count("<rect") == 40 + 5
    assert len(queries) <= 12
    page = staff_client.get(page_of_mailing(started)).text
    assert "It is not known whether 1 e-mail was sent" in page
    staff_client.post(page_of_mailing(started), {"action": "resend"})
    assert Delivery.objects.filter(state=DeliveryState.WAITING).count() == 1


def test_the_home_page_lists_running_mailings(staff_client: Client, started: Mailing) -> None:
    html = staff_client.get("/admin/").text
    assert page_of_mailing(started) in html
    services.pause(mailing_id=started.pk)
    assert "Paused by staff" in staff_client.get("/admin/").text


def test_no_address_of_a_reader_is_on_any_of_these_pages(
    staff_client: Client, issue: IssuePage, started: Mailing
) -> None:
    for path in (LIST, page_of_mailing(started), f"{page_of_mailing(started)}progress/"):
        assert "supporter" not in staff_client.get(path).text
