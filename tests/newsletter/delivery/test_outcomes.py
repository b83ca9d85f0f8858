"""Outcomes of deliveries, by the answers of the mail server."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from newsletter.choices import DeliveryState, MailingState, PauseReason, SubscriberState
from newsletter.delivery.outcomes import MANY, MOST_ATTEMPTS
from newsletter.delivery.sending import take_turn
from newsletter.delivery.transitions import claim, finish, held_claim, pause, prepare
from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.services import is_suppressed
from tests.jobs import run_jobs

from .conftest import MakeMailing, StartSink

NOTIFY_STAFF = "newsletter.notify_staff"


def send(seconds: float = 10.0) -> float | None:
    return take_turn(seconds=seconds)


def address(number: int) -> str:
    return f"reader{number}@example.org"


def delivery_to(number: int) -> Delivery:
    return Delivery.objects.get(subscriber__email=address(number))


def staff_are_notified(mailing: Mailing) -> bool:
    jobs = ProcrastinateJob.objects.filter(task_name=NOTIFY_STAFF)
    return [job.args for job in jobs] == [{"mailing_id": mailing.pk}]


@pytest.fixture(autouse=True)
def on_a_real_database(transactional_db: None) -> None:
    """Claims are session locks, and deliveries must be committed before they are sent."""


def test_every_recipient_gets_the_mailing_once(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(100)
    assert send() is None
    received = sink.received()
    assert sorted(one.recipient for one in received) == sorted(address(n) for n in range(100))
    assert {one.message_id for one in received} == {
        delivery.message_id for delivery in Delivery.objects.all()
    }
    assert Delivery.objects.filter(mailing=mailing).count_by_state() == dict.fromkeys(
        DeliveryState, 0
    ) | {DeliveryState.SENT: 100}
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert mailing.finished_at is not None
    assert set(Delivery.objects.values_list("attempts", "claim")) == {(1, None)}


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_answer_about_one_recipient_affects_no_other(
    pipelining: bool, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    replies = {
        address(1): "550 5.1.1 no such user reader1@example.org",
        address(2): "450 4.2.1 try later",
        address(3): "552 too many recipients",
    }
    sink = start_sink(pipelining=pipelining, replies=replies)
    mailing = make_mailing(20)
    rest = send()
    assert rest is not None
    assert 40 < rest < 80  # The first retry is after about a minute.
    assert len(sink.received()) == 17
    gone, later = delivery_to(1), delivery_to(2)
    assert (gone.state, gone.error, gone.attempts) == (DeliveryState.FAILED, "550 5.1.1", 1)
    assert gone.bounced_at is not None
    assert (later.state, later.error, later.attempts) == (DeliveryState.WAITING, "450 4.2.1", 1)
    assert later.not_before is not None
    assert later.not_before > timezone.now()
    assert delivery_to(3).state == DeliveryState.WAITING
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.SENT] == 17


@pytest.mark.parametrize(
    ("command", "reply"),
    [("MAIL", "550 5.7.1 not you"), ("DATA", "554 5.3.0 no"), ("END", "451 4.3.0 disk full")],
)
def test_errors_that_do_not_concern_the_address_are_retried(
    command: str, reply: str, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink(replies={command: reply})
    make_mailing(3)
    send()
    delivery = delivery_to(1)
    assert delivery.state == DeliveryState.WAITING
    assert delivery.error == " ".join(reply.split()[:2])


def test_refused_content_is_not_retried(make_mailing: MakeMailing, start_sink: StartSink) -> None:
    start_sink(replies={"END": "554 5.7.1 spam"})
    make_mailing(1)
    send()
    assert (delivery_to(0).state, delivery_to(0).error) == (DeliveryState.FAILED, "554 5.7.1")


def test_connection_lost_after_the_content_makes_the_delivery_uncertain(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink(vanish=[address(4)])
    make_mailing(20)
    assert send() is None
    assert len(sink.received()) == 20
    delivery = delivery_to(4)
    assert delivery.state == DeliveryState.UNCERTAIN
    assert "@" not in delivery.error
    assert delivery.settled_at is not None


def test_server_that_closes_connections_gets_each_message_once(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink(close_after=3)
    mailing = make_mailing(100)
    assert send() is None
    assert len({one.message_id for one in sink.received()}) == len(sink.received()) == 100
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.SENT] == 100


def test_unreachable_server_costs_no_attempt(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    sink.kill()
    mailing = make_mailing(50)
    rest = send()
    assert rest is not None
    assert 0 < rest <= 30
    assert set(Delivery.objects.values_list("state", "attempts", "error")) <= {
        (DeliveryState.WAITING, 0, "ConnectionRefusedError"),
        (DeliveryState.WAITING, 0, ""),
    }
    mailing.refresh_from_db()
    assert mailing.errors_in_a_row == 1
    sink.start()
    assert send() is None
    assert len(sink.received()) == 50
    mailing.refresh_from_db()
    assert (mailing.state, mailing.errors_in_a_row) == (MailingState.SENT, 0)


@pytest.mark.parametrize("pipelining", [True, False])
def test_421_for_one_recipient_delays_no_other(
    pipelining: bool, make_mailing: MakeMailing, start_sink: StartSink, settings: Any
) -> None:
    settings.NEWSLETTER_CONNECTIONS = 2
    replies = {address(3): f"421 4.3.2 not now, {address(3)}"}
    sink = start_sink(replies=replies, pipelining=pipelining)
    mailing = make_mailing(60)
    rest = send()
    assert len(sink.received()) == 59
    assert rest is not None
    assert rest > 40, "the other one is retried after a minute"
    delivery = delivery_to(3)
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
    assert delivery.error == "421"
    mailing.refresh_from_db()
    assert mailing.errors_in_a_row <= 1


def test_server_that_accepts_three_connections_gets_three(
    make_mailing: MakeMailing, start_sink: StartSink, settings: Any
) -> None:
    settings.NEWSLETTER_CONNECTIONS = 8
    sink = start_sink(most_connections=3, delay=0.005)
    mailing = make_mailing(300)
    began = time.monotonic()
    assert send(seconds=60) is None
    assert time.monotonic() - began < 20, "it takes about two seconds"
    assert len({one.message_id for one in sink.received()}) == len(sink.received()) == 300
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.SENT] == 300
    mailing.refresh_from_db()
    assert mailing.errors_in_a_row == 0


def test_server_that_accepts_no_connection_is_unavailable(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink(replies={"EHLO": "421 4.3.2 closed", "HELO": "421 4.3.2 closed"})
    mailing = make_mailing(50)
    assert send() is not None
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.WAITING, 0)}
    mailing.refresh_from_db()
    assert mailing.errors_in_a_row == 1


def test_last_attempt_gives_up(make_mailing: MakeMailing, start_sink: StartSink) -> None:
    start_sink(replies={address(0): "450 4.2.2 full"})
    make_mailing(2)
    Delivery.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert send() is None
    assert delivery_to(0).state == DeliveryState.FAILED
    assert delivery_to(0).error == "gave up: 450 4.2.2"


# Addresses that do not exist


def suppressed() -> set[str]:
    return set(
        Subscriber.objects.filter(state=SubscriberState.SUPPRESSED).values_list("email", flat=True)
    )


def test_unknown_mailboxes_are_suppressed_and_pause_nothing(
    make_mailing: MakeMailing, start_sink: StartSink, settings: Any
) -> None:
    """Many come in a row, since the oldest addresses of a list come first."""
    settings.NEWSLETTER_MAX_ERRORS = 5
    dead = {address(number) for number in range(40)}
    replies = dict.fromkeys(dead, "550 5.1.1 no such user")
    sink = start_sink(replies=replies)
    mailing = make_mailing(120)
    assert send() is None
    run_jobs()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert len(sink.received()) == 80
    assert suppressed() == dead
    assert all(is_suppressed(email=email) for email in dead)
    assert not is_suppressed(email=address(50))


@pytest.mark.parametrize(
    ("reply", "is_dead"),
    [
        ("550 5.1.1 no such user", True),
        ("553 5.1.2 no such host", True),
        ("501 5.1.3 bad address", True),
        ("551 5.1.6 moved", True),
        ("556 5.1.10 takes no mail", True),
        ("550 5.1.0 sender refused", False),
        ("553 5.1.8 bad sender", False),
        ("550 5.7.1 not wanted", False),
        ("550 no", False),
        ("450 4.1.1 not now", False),
        ("552 5.2.2 full", False),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_suppressed(
    reply: str, is_dead: bool, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink(replies={address(1): reply})
    make_mailing(3)
    send()
    run_jobs()
    assert suppressed() == ({address(1)} if is_dead else set())


def test_new_sign_up_since_the_refusal_is_not_suppressed(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink(replies={address(1): "550 5.1.1 no such user"})
    make_mailing(3)
    send()
    Subscriber.objects.filter(email=address(1)).update(
        state=SubscriberState.PENDING, signed_up_at=timezone.now()
    )
    run_jobs()
    assert suppressed() == set()


def test_server_that_refuses_every_mailbox_is_not_believed(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    """Otherwise a misconfigured relay would cost the whole list."""
    start_sink(replies={"RCPT": "550 5.1.1 unknown in local recipient table"})
    mailing = make_mailing(MANY + 300)
    assert send() is None
    run_jobs()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.ERRORS)
    assert mailing.pause_details == "550 5.1.1"
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.WAITING] > 0
    assert suppressed() == set()


def test_mailing_pauses_after_many_errors_in_a_row(
    make_mailing: MakeMailing, start_sink: StartSink, settings: Any
) -> None:
    settings.NEWSLETTER_MAX_ERRORS = 5
    settings.NEWSLETTER_CONNECTIONS = 1
    start_sink(replies={"RCPT": "550 5.7.1 you are on a list"})
    mailing = make_mailing(100)
    assert send() is None
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.ERRORS)
    assert mailing.pause_details == "550 5.7.1"
    assert staff_are_notified(mailing)
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.WAITING] > 50
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.HANDED_OVER] == 0


def test_mailing_without_activity_for_an_hour_is_paused(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(5, active_at=timezone.now() - timedelta(minutes=61))
    assert send() is None
    assert sink.received() == []
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == (MailingState.PAUSED, PauseReason.INTERRUPTED)
    assert staff_are_notified(mailing)


def test_mailing_that_waits_for_a_late_retry_is_not_paused(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    start_sink()
    mailing = make_mailing(1, active_at=timezone.now() - timedelta(minutes=59))
    Delivery.objects.update(not_before=timezone.now() + timedelta(hours=12))
    assert send() == 600
    mailing.refresh_from_db()
    assert mailing.active_at is not None
    assert mailing.active_at > timezone.now() - timedelta(minutes=1)


def test_recipient_who_unsubscribed_meanwhile_is_skipped(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(10)
    Subscriber.objects.filter(email=address(1)).update(
        state=SubscriberState.UNSUBSCRIBED, ended_at=timezone.now()
    )
    Subscriber.objects.filter(email=address(2)).delete()
    assert send() is None
    assert {address(1), address(2)}.isdisjoint(one.recipient for one in sink.received())
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.SKIPPED] == 2
    assert Delivery.objects.filter(mailing=mailing).count_by_state()[DeliveryState.SENT] == 8


@pytest.mark.parametrize("ending", [MailingState.PAUSED, MailingState.CANCELLED])
def test_pause_and_cancellation_take_effect_at_once(
    ending: MailingState, make_mailing: MakeMailing, start_sink: StartSink, settings: Any
) -> None:
    settings.NEWSLETTER_CONNECTIONS = 2
    sink = start_sink(delay=0.05)
    mailing = make_mailing(200)
    calls = 0

    def end_it_later() -> bool:
        nonlocal calls
        calls += 1
        if calls == 4 and ending == MailingState.PAUSED:
            assert pause(mailing_id=mailing.pk, reason=PauseReason.STAFF)
        elif calls == 4:
            Delivery.objects.waiting().update(state="cancelled", settled_at=timezone.now())
            Mailing.objects.update(state=ending, finished_at=timezone.now())
        return False

    assert take_turn(seconds=20, is_stopping=end_it_later) is None
    counted = Delivery.objects.filter(mailing=mailing).count_by_state()
    assert counted[DeliveryState.SENT] == len(sink.received()) < 100
    assert counted[DeliveryState.HANDED_OVER] == counted[DeliveryState.UNCERTAIN] == 0
    left = DeliveryState.WAITING if ending == MailingState.PAUSED else DeliveryState.CANCELLED
    assert counted[left] == 200 - counted[DeliveryState.SENT]
    assert not ProcrastinateJob.objects.filter(task_name=NOTIFY_STAFF).exists()


def test_stopping_worker_returns_its_deliveries(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink(delay=0.02)
    mailing = make_mailing(300)
    calls = iter(range(1000))
    assert take_turn(seconds=20, is_stopping=lambda: next(calls) > 4) == 0
    counted = Delivery.objects.filter(mailing=mailing).count_by_state()
    assert counted[DeliveryState.SENT] == len(sink.received()) < 300
    assert counted[DeliveryState.WAITING] == 300 - len(sink.received())


def test_rate_is_kept(make_mailing: MakeMailing, start_sink: StartSink, settings: Any) -> None:
    settings.NEWSLETTER_RATE = 40
    sink = start_sink()
    make_mailing(200)
    send(seconds=1.5)
    times = [receipt.at for receipt in sink.received()]
    within = [moment for moment in times if moment < times[0] + 1]
    assert 25 <= len(within) <= 44


def test_deliveries_are_created_once_by_one_statement(
    make_mailing: MakeMailing, django_assert_num_queries: Any
) -> None:
    mailing = make_mailing(30)
    Delivery.objects.all().delete()
    with django_assert_num_queries(1):
        assert prepare(mailing=mailing, subscribers=Subscriber.objects.reading("en")) == 30
    assert prepare(mailing=mailing, subscribers=Subscriber.objects.reading("en")) == 0


def test_mailing_ends_only_when_every_delivery_is_settled(make_mailing: MakeMailing) -> None:
    mailing = make_mailing(1)
    assert not finish(mailing_id=mailing.pk)
    with held_claim() as held:
        [claimed] = claim(mailing_id=mailing.pk, claim=held, limit=5)
        assert not finish(mailing_id=mailing.pk)
        Delivery.objects.filter(pk=claimed.delivery_id).update(
            state="sent", claim=None, settled_at=timezone.now()
        )
    assert finish(mailing_id=mailing.pk)
    assert not finish(mailing_id=mailing.pk)


def test_outcomes_are_written_after_the_database_dropped_the_connection(
    make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink(delay=0.02)
    mailing = make_mailing(100)
    calls = 0

    def drop_the_connection() -> bool:
        nonlocal calls
        calls += 1
        if calls == 3:
            assert connection.connection is not None
            connection.connection.close()
        return False

    with pytest.raises(Exception, match="connection"):
        take_turn(seconds=20, is_stopping=drop_the_connection)
    counted = Delivery.objects.filter(mailing=mailing).count_by_state()
    assert counted[DeliveryState.HANDED_OVER] == 0
    assert counted[DeliveryState.SENT] == len(sink.received()) > 0
    assert send() is None
    assert len({one.message_id for one in sink.received()}) == len(sink.received()) == 100


def test_logs_contain_no_address(
    make_mailing: MakeMailing, start_sink: StartSink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    start_sink(replies={address(1): f"550 5.1.1 no {address(1)}"}, vanish=[address(2)])
    make_mailing(5)
    send()
    assert "newsletter.finished" in caplog.messages
    for record in caplog.records:
        assert "@example.org" not in str(vars(record))
