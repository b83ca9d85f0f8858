"""Rights of a person, daily deletion, concurrency, and constraints."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from campaigns.choices import Topic
from newsletter import services, tasks, tokens
from newsletter.addresses import address_key, normalise_email
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.consent import Circumstances
from newsletter.mail import Occasion, may_write_to
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress
from newsletter.models.subscribers import Preferences
from newsletter.tokens import Purpose
from record.choices import Region

from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"
NOBODY = Circumstances()
ENGLISH = Preferences(language="en")


def subscribe(email: str = ADDRESS) -> None:
    services.subscribe(email=email, preferences=ENGLISH, circumstances=NOBODY)


def confirm() -> None:
    token = tokens.make(Subscriber.objects.get(), Purpose.CONFIRM)
    services.confirm(token=token, circumstances=NOBODY)


# Export and erasure


def test_export_contains_all_data() -> None:
    subscribe()
    confirm()
    export = services.export_person(email="Supporter@Example.org")
    assert export["subscriber"]["email"] == ADDRESS
    assert export["subscriber"]["state"] == SubscriberState.CONFIRMED
    events = [record["event"] for record in export["consent"]]
    assert events == [ConsentEvent.SIGN_UP, ConsentEvent.CONFIRMATION]
    assert export["suppressed"] is None


def test_export_of_an_unknown_address_is_empty() -> None:
    assert services.export_person(email=ADDRESS) == {
        "subscriber": None,
        "sign_ups": [],
        "consent": [],
        "suppressed": None,
        "deliveries": [],
        "mail_events": [],
    }


def test_erasure_leaves_only_hashes() -> None:
    subscribe()
    assert services.erase_person(email=ADDRESS)
    assert Subscriber.objects.count() == 0
    assert services.is_suppressed(email="SUPPORTER@example.org")
    with connection.cursor() as cursor:
        for table in ("consentrecord", "subscriber", "suppressedaddress"):
            cursor.execute(
                f"SELECT string_agg(t::text, ' ') FROM newsletter_{table} t"  # noqa: S608
            )
            stored = cursor.fetchone()[0] or ""
            assert "supporter" not in stored
            assert "Ana" not in stored
    jobs = str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert "supporter" not in jobs


def test_erasure_of_an_unknown_address_suppresses_it() -> None:
    assert not services.erase_person(email=ADDRESS)
    assert services.is_suppressed(email=ADDRESS)


def test_only_a_confirmed_new_sign_up_lifts_the_suppression() -> None:
    subscribe()
    services.erase_person(email=ADDRESS)
    subscribe()
    assert services.is_suppressed(email=ADDRESS)
    confirm()
    assert not services.is_suppressed(email=ADDRESS)


def test_complaint_ends_the_subscription() -> None:
    SubscriberFactory.create(email=ADDRESS, confirmed=True)
    services.suppress(email=ADDRESS, reason=SuppressionReason.COMPLAINED)
    services.suppress(email=ADDRESS, reason=SuppressionReason.BOUNCED)
    subscriber = Subscriber.objects.get()
    assert subscriber.state == SubscriberState.SUPPRESSED
    assert subscriber.ended_at is not None
    assert SuppressedAddress.objects.get().reason == SuppressionReason.COMPLAINED
    assert ConsentRecord.objects.get().event == ConsentEvent.SUPPRESSION


# The purge


def test_purge_deletes_only_sign_ups_unconfirmed_for_a_month() -> None:
    long_ago = timezone.now() - tasks.PURGE_AFTER - timedelta(minutes=1)
    old = SubscriberFactory.create(signed_up_at=long_ago)
    kept = [
        SubscriberFactory.create(signed_up_at=long_ago + timedelta(minutes=2)),
        SubscriberFactory.create(signed_up_at=long_ago, confirmed=True),
        SubscriberFactory.create(
            signed_up_at=long_ago, state=SubscriberState.UNSUBSCRIBED, ended_at=long_ago
        ),
    ]
    tasks.purge_unconfirmed(timestamp=0)
    assert set(Subscriber.objects.all()) == set(kept)
    record = ConsentRecord.objects.get()
    assert record.event == ConsentEvent.EXPIRY
    assert record.address_key == address_key(old.email)


def test_purge_runs_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PURGE_BATCH", 2)
    SubscriberFactory.create_batch(5, signed_up_at=timezone.now() - timedelta(days=31))
    tasks.purge_unconfirmed(timestamp=0)
    assert Subscriber.objects.count() == 0


def test_purge_runs_every_day() -> None:
    periodic = app.periodic_registry.periodic_tasks.values()
    crons = {task.task.name: task.cron for task in periodic}
    assert crons["newsletter.purge_unconfirmed"] == "17 3 * * *"


# Concurrency


def at_once(function: Callable[[int], Any], times: int) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_two_sign_ups_at_once_are_one_subscriber(transactional_db: None) -> None:
    spellings = [ADDRESS, ADDRESS.upper(), ADDRESS.title(), ADDRESS]
    at_once(lambda number: subscribe(spellings[number]), 4)
    assert Subscriber.objects.count() == 1
    assert ConsentRecord.objects.count() == 4


def test_two_confirmations_at_once_count_as_one(transactional_db: None) -> None:
    subscribe()
    token = tokens.make(Subscriber.objects.get(), Purpose.CONFIRM)

    def press(_number: int) -> bool:
        try:
            services.confirm(token=token, circumstances=NOBODY)
        except tokens.TokenEndedError:
            return False
        return True

    assert sorted(at_once(press, 4)) == [False, False, False, True]
    assert ConsentRecord.objects.filter(event=ConsentEvent.CONFIRMATION).count() == 1


def test_many_jobs_at_once_send_one_mail(transactional_db: None) -> None:
    subscriber = SubscriberFactory.create(email=ADDRESS)
    answers = at_once(lambda number: may_write_to(subscriber, Occasion.SIGN_UP, job_id=number), 6)
    assert sum(bool(answer) for answer in answers) == 1


# What the database refuses


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ADDRESS.upper()},
        {"email": "Mixed@example.org"},
        {"state": "unknown"},
        {"state": SubscriberState.CONFIRMED},
        {"state": SubscriberState.UNSUBSCRIBED},
        {"language": "tlh"},
        {"regions": ["moon"]},
        {"topics": ["gossip"]},
    ],
)
def test_database_refuses_inconsistent_rows(fields: dict[str, Any]) -> None:
    SubscriberFactory.create(email=ADDRESS)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubscriberFactory.create(**fields)


# Audiences


def test_empty_choices_match_everything(django_assert_num_queries: Any) -> None:
    everything = SubscriberFactory.create(confirmed=True)
    africa = SubscriberFactory.create(confirmed=True, regions=[Region.AFRICA])
    budget = SubscriberFactory.create(confirmed=True, topics=[Topic.BUDGET])
    SubscriberFactory.create(confirmed=True, regions=[Region.EUROPE])
    SubscriberFactory.create(confirmed=True, language="fr")
    SubscriberFactory.create()
    with django_assert_num_queries(1):
        audience = set(
            Subscriber.objects.confirmed()
            .reading("en")
            .interested_in(regions=[Region.AFRICA], topics=[Topic.BUDGET])
        )
    assert audience == {everything, africa, budget}


# Addresses


@given(st.emails())
def test_addresses_are_normalised(address: str) -> None:
    try:
        once = normalise_email(address)
    except ValidationError:
        return
    assert normalise_email(once) == once
    assert normalise_email(f" {address.swapcase()} ") == normalise_email(address.lower())
    assert once == once.lower()
    assert once.isascii()
    assert not set(once) & set(' \r\n\t",;<>')


def test_subscribers_stored_under_older_rules_can_unsubscribe() -> None:
    for address in ("ırmak@example.org", "jöhn@example.org"):
        SubscriberFactory.create(email=address, confirmed=True)
    services.suppress(email="ırmak@example.org", reason=SuppressionReason.COMPLAINED)
    services.unsubscribe_address(email="jöhn@example.org")
    states = set(Subscriber.objects.values_list("state", flat=True))
    assert states == {SubscriberState.SUPPRESSED, SubscriberState.UNSUBSCRIBED}
    assert services.erase_person(email="ırmak@example.org")
    with pytest.raises(ValidationError):
        services.erase_person(email="unbekannt-ı@example.org")
