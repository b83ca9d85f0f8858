"""Use cases of a mailing: order, start, pause, resume, cancel, resend."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import User
from newsletter.choices import DeliveryState, MailingState, PauseReason
from newsletter.mail_content import Slot
from newsletter.mailings import services
from newsletter.mailings.services import MailingRefusedError
from newsletter.mailings.tasks import start, watch_mailings
from newsletter.models import Delivery, IssuePage, Mailing, MailingContent, Subscriber
from record.choices import Region
from tests.newsletter.factories import SubscriberFactory

from .conftest import Order

pytestmark = pytest.mark.usefixtures("readers")


def states(mailing: Mailing) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(mailing=mailing).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def jobs(task: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


def started(order: Order) -> Mailing:
    mailing = order()
    assert services.start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    return mailing


# Ordering


def test_an_issue_is_ordered_once_in_all_its_languages(
    order: Order, issue: IssuePage, french: IssuePage
) -> None:
    order()
    for page in (issue, french):
        with pytest.raises(MailingRefusedError, match="already been scheduled"):
            order(page=page)
    assert Mailing.objects.count() == 1


def test_the_database_itself_refuses_a_second_mailing_of_an_issue(
    order: Order, issue: IssuePage
) -> None:
    order()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.create(issue_key=issue.translation_key, subject="Again")


def test_an_order_for_now_starts_by_a_job(order: Order) -> None:
    order()
    assert jobs(services.START) == 1


def test_an_order_for_later_waits_for_its_time(order: Order) -> None:
    mailing = order(hours=2)
    assert jobs(services.START) == 0
    assert not services.start(mailing_id=mailing.pk)
    assert states(mailing) == {}


def test_a_time_in_the_past_is_refused(order: Order) -> None:
    with pytest.raises(MailingRefusedError, match="passed"):
        order(hours=-1)


def test_an_unpublished_issue_is_refused(order: Order, issue: IssuePage) -> None:
    issue.title = "Changed"
    issue.save_revision()
    with pytest.raises(MailingRefusedError, match="Not published, or changed"):
        order()
    issue.unpublish()
    with pytest.raises(MailingRefusedError, match="Not published, or changed"):
        order()


def test_an_issue_for_nobody_is_refused(order: Order) -> None:
    Subscriber.objects.all().delete()
    with pytest.raises(MailingRefusedError, match="Nobody would receive it"):
        order()


def test_warnings_must_be_accepted(order: Order) -> None:
    """The links were not checked yet."""
    with pytest.raises(MailingRefusedError, match="Read the warnings"):
        order(warnings_accepted=False)


# Starting


def test_each_reader_of_its_languages_gets_one_delivery(order: Order) -> None:
    mailing = started(order)
    assert mailing.state == MailingState.SENDING
    assert states(mailing) == {DeliveryState.WAITING: 3}, "French is not published"
    assert jobs("newsletter.send") > 0


def test_readers_get_the_translation_of_their_language(order: Order, french: IssuePage) -> None:
    mailing = started(order)
    assert states(mailing) == {DeliveryState.WAITING: 5}
    contents = {content.language: content for content in MailingContent.objects.all()}
    assert contents["fr"].subject == french.title
    assert contents["en"].subject == "Global justice news, November 2026"
    assert all(
        Slot.UNSUBSCRIBE in part for one in contents.values() for part in (one.html, one.text)
    )


def test_chosen_languages_without_translation_get_the_original(
    order: Order, issue: IssuePage
) -> None:
    issue.languages = ["en", "fr"]
    issue.save_revision().publish()
    mailing = started(order)
    assert states(mailing) == {DeliveryState.WAITING: 5}
    assert {content.subject for content in mailing.contents.all()} == {issue.title}


def test_the_audience_depends_on_preferences(order: Order, issue: IssuePage) -> None:
    SubscriberFactory.create(confirmed=True, regions=[Region.EUROPE])
    SubscriberFactory.create(confirmed=True, regions=[Region.AFRICA])
    SubscriberFactory.create(regions=[Region.AFRICA])
    issue.regions = [Region.AFRICA]
    issue.save_revision().publish()
    mailing = started(order)
    assert states(mailing) == {DeliveryState.WAITING: 4}, "three of all regions and one of Africa"


def test_content_is_frozen_at_the_start(order: Order, issue: IssuePage) -> None:
    mailing = started(order)
    issue.title = "Changed later"
    issue.save_revision().publish()
    assert mailing.contents.get().subject == "Global justice news, November 2026"


def test_deliveries_are_created_by_one_statement(order: Order) -> None:
    SubscriberFactory.create_batch(50, confirmed=True)
    mailing = order()
    with CaptureQueriesContext(connection) as queries:
        services.start(mailing_id=mailing.pk)
    inserts = [
        query["sql"]
        for query in queries
        if query["sql"].strip().startswith("INSERT") and "newsletter_delivery" in query["sql"]
    ]
    assert len(inserts) == 1
    assert states(mailing) == {DeliveryState.WAITING: 53}


def test_a_mailing_starts_once(order: Order) -> None:
    mailing = started(order)
    assert not services.start(mailing_id=mailing.pk)
    assert states(mailing) == {DeliveryState.WAITING: 3}


def test_the_periodic_job_starts_due_mailings(order: Order) -> None:
    mailing = order(hours=1)
    Mailing.objects.update(scheduled_at=timezone.now() - timedelta(minutes=5))
    for _ in range(2):
        watch_mailings(timestamp=0)
    assert jobs(services.START) == 1
    start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENDING


def test_a_mailing_late_by_more_than_an_hour_is_paused(order: Order) -> None:
    """A backup may have been restored, and the issue may have been sent since it was made."""
    mailing = order(hours=1)
    Mailing.objects.update(scheduled_at=timezone.now() - timedelta(minutes=61))
    start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.MISSED)
    assert states(mailing) == {}
    services.resume(mailing_id=mailing.pk)
    assert services.start(mailing_id=mailing.pk), "staff decided so"
    assert states(mailing) == {DeliveryState.WAITING: 3}


def test_an_issue_changed_after_the_order_is_paused(order: Order, issue: IssuePage) -> None:
    mailing = order(hours=1)
    issue.unpublish()
    Mailing.objects.update(scheduled_at=timezone.now())
    services.start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.CHECKS)
    assert "Approval" in mailing.pause_details


def test_a_deleted_issue_is_not_sent(order: Order, issue: IssuePage) -> None:
    mailing = order(hours=1)
    issue.delete()
    Mailing.objects.update(scheduled_at=timezone.now())
    services.start(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.CHECKS)


# Running mailings


def test_pause_and_resume(order: Order) -> None:
    mailing = started(order)
    services.pause(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.STAFF)
    with pytest.raises(MailingRefusedError):
        services.pause(mailing_id=mailing.pk)
    Mailing.objects.update(errors_in_a_row=20)
    services.resume(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.SENDING, "")
    assert mailing.errors_in_a_row == 0
    with pytest.raises(MailingRefusedError):
        services.resume(mailing_id=mailing.pk)


def test_cancelling_keeps_sent_deliveries(order: Order) -> None:
    mailing = started(order)
    first = Delivery.objects.order_by("pk").first()
    assert first
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.SENT, settled_at=timezone.now())
    assert not services.cancel(mailing_id=mailing.pk)
    assert states(mailing) == {DeliveryState.SENT: 1, DeliveryState.CANCELLED: 2}
    mailing.refresh_from_db()
    assert mailing.state == MailingState.CANCELLED
    with pytest.raises(MailingRefusedError):
        services.resume(mailing_id=mailing.pk)


def test_a_cancelled_order_can_be_repeated(order: Order) -> None:
    mailing = order(hours=3)
    assert services.cancel(mailing_id=mailing.pk)
    assert order(hours=4).state == MailingState.SCHEDULED


def test_only_staff_send_uncertain_deliveries_again(order: Order) -> None:
    mailing = started(order)
    Delivery.objects.update(state=DeliveryState.UNCERTAIN, claim=7, settled_at=timezone.now())
    Mailing.objects.update(state=MailingState.SENT, finished_at=timezone.now())
    watch_mailings(timestamp=0)
    assert states(mailing) == {DeliveryState.UNCERTAIN: 3}
    assert services.resend_uncertain(mailing_id=mailing.pk) == 3
    assert states(mailing) == {DeliveryState.WAITING: 3}
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENDING


# Notices to staff


@pytest.fixture
def paused(order: Order) -> Mailing:
    mailing = order(hours=1)
    Mailing.objects.update(scheduled_at=timezone.now() - timedelta(hours=5))
    services.start(mailing_id=mailing.pk)
    return mailing


def test_senders_are_notified_of_a_paused_mailing(
    paused: Mailing, superuser: User, run_jobs: Any
) -> None:
    User.objects.create_user("editor", email="editor@example.org")
    run_jobs()
    [notice] = mail.outbox
    assert notice.to == [superuser.email]
    assert paused.subject in notice.subject
    assert "passed more than an hour ago" in notice.body
    assert f"/admin/newsletter/mailings/{paused.pk}/" in notice.body


def test_no_notice_is_sent_once_the_mailing_is_resumed(paused: Mailing, run_jobs: Any) -> None:
    services.cancel(mailing_id=paused.pk)
    run_jobs()
    assert mail.outbox == []
