"""Sender jobs: queued while there is something to send, and only then."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from core.jobs import defer_once
from home.models import HomePage
from newsletter.choices import MailingState
from newsletter.delivery import sending
from newsletter.delivery.sending import SEND, queue_senders
from newsletter.mailings import link_checks
from newsletter.mailings.link_checks import LinkAnswer
from newsletter.mailings.tasks import CHECK_LINKS
from newsletter.models import Delivery
from tests import factories
from tests.core.page_cache.conftest import eventually
from tests.jobs import run_jobs

from .conftest import MakeMailing, StartSink


@pytest.fixture(autouse=True)
def on_a_real_database(transactional_db: None) -> None:
    """Workers run jobs over connections of their own."""


def jobs(status: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=SEND, status=status).order_by("pk"))


def test_senders_may_be_queued_again_in_a_transaction() -> None:
    with transaction.atomic():
        queue_senders()
        queue_senders()
        assert Delivery.objects.count() == 0  # The transaction is still usable.
    assert [job.lock for job in jobs("todo")] == ["newsletter.sender.0", "newsletter.sender.1"]


def test_worker_sends_a_mailing_and_leaves_no_job(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(30)
    queue_senders()
    run_jobs()
    assert len(sink.received()) == 30
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert jobs("todo") == []


def test_one_sender_waits_for_the_next_retry_and_is_woken_by_a_new_mailing(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink(replies={"reader0@example.org": "450 4.2.1 later"})
    make_mailing(3)
    queue_senders()
    run_jobs()
    [resting] = jobs("todo")
    assert resting.scheduled_at is not None
    assert resting.scheduled_at > timezone.now() + timedelta(seconds=30)
    queue_senders()
    assert [job.scheduled_at for job in jobs("todo")] == [None, None]


def test_failed_sender_job_is_queued_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**options: object) -> float:
        raise RuntimeError

    monkeypatch.setattr(sending, "take_turn", fail)
    queue_senders()
    run_jobs()
    assert len(jobs("failed")) == 2
    assert all(job.scheduled_at for job in jobs("todo"))
    assert len(jobs("todo")) == 2


@pytest.mark.parametrize("concurrency", [1, 4])
def test_slow_link_checks_delay_no_mail(
    concurrency: int,
    make_mailing: MakeMailing,
    start_sink: StartSink,
    home_page: HomePage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = start_sink()
    arrived = []

    def hang(_urls: Iterable[str]) -> list[LinkAnswer]:
        eventually(lambda: len(sink.received()) == 30)
        arrived.append(len(sink.received()))
        return []

    monkeypatch.setattr(link_checks, "check", hang)
    index = factories.IssueIndexPageFactory.create(parent=home_page)
    for page in factories.IssuePageFactory.create_batch(6, parent=index):
        defer_once(CHECK_LINKS, key=f"{CHECK_LINKS}.{page.pk}", page_id=page.pk)
    make_mailing(30)
    queue_senders()
    run_jobs(concurrency)
    # A worker that does not wait ends while one check holds the lock of the others.
    assert arrived
    assert set(arrived) == {30}
