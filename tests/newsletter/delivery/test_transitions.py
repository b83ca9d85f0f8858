"""States of mailings and deliveries change only by the transitions in `newsletter.states`."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from newsletter.choices import DeliveryState, MailingState, PauseReason
from newsletter.delivery import transitions
from newsletter.delivery.sending import take_turn
from newsletter.mailings import services
from newsletter.models import Delivery, Mailing
from newsletter.states import (
    DELIVERY_TRANSITIONS,
    MAILING_TRANSITIONS,
    Action,
    TransitionRefusedError,
    delivery_actions,
    mailing_actions,
)

from .conftest import MakeMailing, StartSink

TABLES: Mapping[str, Mapping[Action, Any]] = {
    "newsletter_mailing": MAILING_TRANSITIONS,
    "newsletter_delivery": DELIVERY_TRANSITIONS,
}
GUARD = """
    CREATE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT (OLD.state || ' ' || NEW.state) = ANY (ARRAY[{pairs}]) THEN
            RAISE EXCEPTION 'not allowed: % to %', OLD.state, NEW.state;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER guard BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION guard_{table}();
"""


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[None]:
    """Let the database refuse every transition outside the rules."""
    with connection.cursor() as cursor:
        for table, rules in TABLES.items():
            pairs = [
                f"'{before} {after}'"
                for one in rules.values()
                for before in one.sources
                for after in one.targets
            ]
            cursor.execute(GUARD.format(table=table, pairs=", ".join(pairs)))
    yield
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP FUNCTION guard_{table} CASCADE")


def counted(mailing: Mailing) -> dict[DeliveryState, int]:
    states = Delivery.objects.filter(mailing=mailing).count_by_state()
    return {state: number for state, number in states.items() if number}


def test_a_mailing_with_every_kind_of_error_follows_the_rules(
    guarded: None, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    def address(number: int) -> str:
        return f"reader{number}@example.org"

    later = "450 4.2.1 later"
    start_sink(
        replies={address(1): "550 5.1.1 no", address(2): later, address(3): later},
        vanish=[address(4), address(5)],
    )
    mailing = make_mailing(20)
    transitions.pause(mailing_id=mailing.pk, reason=PauseReason.ERRORS)
    services.resume(mailing_id=mailing.pk)
    assert take_turn(seconds=10) is not None
    assert counted(mailing) == {
        DeliveryState.SENT: 15,
        DeliveryState.FAILED: 1,
        DeliveryState.WAITING: 2,
        DeliveryState.UNCERTAIN: 2,
    }
    services.pause(mailing_id=mailing.pk)
    first, second = Delivery.objects.uncertain().order_by("pk")
    assert transitions.mark_sent(mailing_id=mailing.pk, delivery_ids=[first.pk]) == 1
    assert services.resend_uncertain(mailing_id=mailing.pk, delivery_id=second.pk) == 1
    mailing.refresh_from_db()
    assert mailing.state == MailingState.PAUSED
    assert not services.cancel(mailing_id=mailing.pk)
    assert counted(mailing) == {
        DeliveryState.SENT: 16,
        DeliveryState.FAILED: 1,
        DeliveryState.CANCELLED: 3,
    }


def test_deliveries_of_a_dead_worker_follow_the_rules(
    guarded: None, make_mailing: MakeMailing
) -> None:
    mailing = make_mailing(3)
    with transitions.held_claim() as held, transaction.atomic():
        transitions.claim(mailing_id=mailing.pk, claim=held, limit=3)
    assert transitions.recover() == 3
    assert transitions.finish(mailing_id=mailing.pk)
    assert services.resend_uncertain(mailing_id=mailing.pk) == 3
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENDING


def test_the_guard_refuses_transitions_outside_the_rules(
    guarded: None, make_mailing: MakeMailing
) -> None:
    mailing = make_mailing(1)
    for rows in (Mailing.objects.filter(pk=mailing.pk), Delivery.objects.all()):
        with pytest.raises(ProgrammingError, match="not allowed"), transaction.atomic():
            rows.update(state="scheduled" if rows.model is Mailing else "failed")


@pytest.mark.parametrize("action", [Action.RESUME, Action.START])
def test_transitions_that_a_state_forbids_are_refused(
    db: None, action: Action, make_mailing: MakeMailing
) -> None:
    mailing = make_mailing(0)
    with pytest.raises(TransitionRefusedError):
        transitions.lock_for(action, mailing.pk)


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        (MailingState.SCHEDULED, {Action.CANCEL}),
        (MailingState.SENDING, {Action.PAUSE, Action.CANCEL, Action.RESEND}),
        (MailingState.PAUSED, {Action.RESUME, Action.CANCEL, Action.RESEND}),
        (MailingState.SENT, {Action.RESEND}),
        (MailingState.CANCELLED, {Action.RESEND}),
    ],
)
def test_staff_are_offered_the_actions_of_the_state(
    state: MailingState, actions: set[Action]
) -> None:
    assert mailing_actions(state) == actions


def test_only_uncertain_deliveries_are_sent_again(db: None, make_mailing: MakeMailing) -> None:
    mailing = make_mailing(1)
    assert mailing.available_actions == {Action.PAUSE, Action.CANCEL}
    Delivery.objects.update(state=DeliveryState.UNCERTAIN, settled_at=timezone.now())
    assert mailing.available_actions == {Action.PAUSE, Action.CANCEL, Action.RESEND}
    assert Delivery.objects.get().available_actions == {Action.MARK_SENT, Action.RESEND}


@pytest.mark.parametrize("state", [one for one in DeliveryState if one != DeliveryState.UNCERTAIN])
def test_staff_settle_only_uncertain_deliveries(state: DeliveryState) -> None:
    assert delivery_actions(state) == set()
