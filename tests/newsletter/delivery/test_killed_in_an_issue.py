"""Kills during an issue: no recipient is skipped, and none gets it twice unless staff decide so."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from newsletter.choices import DeliveryState, MailingState
from newsletter.delivery.sending import SEND, queue_senders
from newsletter.delivery.transitions import recover
from newsletter.models import Delivery, Mailing
from tests.jobs import run_jobs
from tests.mail_sink import MailSink

from .conftest import MakeMailing, StartSink
from .nursery import Nursery

pytestmark = pytest.mark.chaos

PATIENCE = 60.0  # seconds


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


def check_deliveries(mailing: Mailing, sink: MailSink) -> Counter[str]:
    """Compare the deliveries with the messages that the mail server received; return the deliveries by state."""
    received = Counter(receipt.message_id for receipt in sink.received())
    deliveries = list(Delivery.objects.filter(mailing=mailing))
    states = {delivery.message_id: delivery.state for delivery in deliveries}
    assert set(states.values()) <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    assert set(received) <= set(states)
    for message_id, state in states.items():
        times = received[message_id]
        assert times == 1 if state == DeliveryState.SENT else times <= 1
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    return Counter(states.values())


def test_worker_killed_ten_times_skips_no_recipient(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink, nursery: Nursery
) -> None:
    sink = start_sink(delay=0.02)
    mailing = make_mailing(1200)
    chance = random.Random(1998)  # noqa: S311 - the same in every run
    worker = nursery.start(sink.port)
    for _ in range(10):
        time.sleep(chance.uniform(0.05, 0.4))
        nursery.kill(worker)
        worker = nursery.start(sink.port)
    nursery.wait(worker)
    counted = check_deliveries(mailing, sink)
    assert counted[DeliveryState.SENT] > 0
    assert counted[DeliveryState.UNCERTAIN] > 0


def test_two_workers_killed_in_turn_skip_no_recipient(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink, nursery: Nursery
) -> None:
    sink = start_sink(delay=0.02)
    mailing = make_mailing(1200)
    chance = random.Random(2002)  # noqa: S311 - the same in every run
    workers = [nursery.start(sink.port) for _ in range(2)]
    for number in range(6):
        time.sleep(chance.uniform(0.05, 0.3))
        nursery.kill(workers[number % 2])
        workers[number % 2] = nursery.start(sink.port)
    for worker in workers:
        nursery.wait(worker)
    check_deliveries(mailing, sink)


def test_restarted_mail_server_gets_every_message(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink, nursery: Nursery
) -> None:
    sink = start_sink(delay=0.02)
    mailing = make_mailing(800)
    chance = random.Random(1945)  # noqa: S311 - the same in every run
    worker = nursery.start(sink.port)
    for _ in range(4):
        time.sleep(chance.uniform(0.1, 0.4))
        sink.kill()
        time.sleep(0.2)
        sink.start()
    nursery.wait(worker)
    check_deliveries(mailing, sink)


def test_only_deliveries_of_dead_workers_become_uncertain(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink, nursery: Nursery
) -> None:
    sink = start_sink(delay=1.0)
    mailing = make_mailing(100)
    workers = [nursery.start(sink.port) for _ in range(2)]
    wait_until(lambda: len(held_claims()) == 2)
    assert recover() == 0
    nursery.kill(workers[0])
    lost = wait_until(recover)
    counted = Delivery.objects.filter(mailing=mailing).count_by_state()
    assert counted[DeliveryState.UNCERTAIN] == lost
    assert counted[DeliveryState.HANDED_OVER] > 0
    nursery.kill(workers[1])


def wait_until(happens: Callable[[], int]) -> int:
    deadline = time.monotonic() + PATIENCE
    while not (happened := happens()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return happened


def held_claims() -> set[int | None]:
    return set(
        Delivery.objects.filter(state=DeliveryState.HANDED_OVER).values_list("claim", flat=True)
    )


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_sender_job_of_a_killed_worker_is_taken_over(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(10)
    queue_senders()
    # A killed worker leaves its jobs started and locked. Until its heartbeat is overdue, it counts as alive.
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 h')")
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )
    queue_senders()
    run_jobs()
    assert sink.received() == []
    execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '21 s'")
    run_jobs()
    assert len(sink.received()) == 10
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert not ProcrastinateJob.objects.filter(task_name=SEND, status="todo").exists()
