"""Imports and concurrent writers, with real commits over separate connections."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from core.imports.problems import ImportGoneError
from newsletter import services
from newsletter.addresses import address_key
from newsletter.choices import SubscriberState
from newsletter.consent import Circumstances
from newsletter.models import ConsentRecord, Subscriber
from newsletter.models.subscribers import Preferences
from newsletter.people.imports.bulk import add_subscribers
from newsletter.people.imports.services import Outcome, apply_import

from .lists import emails, keep

pytestmark = pytest.mark.usefixtures("transactional_db")

SECONDS = 20


def in_separate_connection(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def wait_until_blocked() -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("Nobody waited.")


def test_two_tabs_apply_a_list_once() -> None:
    waiting = keep(emails(*(f"person{number}" for number in range(50))), asks=False)
    barrier = threading.Barrier(2)

    def apply() -> str:
        barrier.wait(SECONDS)
        try:
            apply_import(pk=waiting.pk, user=None)
        except ImportGoneError:
            return "gone"
        return "applied"

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(in_separate_connection(apply)) for _tab in range(2)]
        assert sorted(future.result(SECONDS) for future in futures) == ["applied", "gone"]
    assert Subscriber.objects.count() == ConsentRecord.objects.count() == 50


def test_a_sign_up_during_the_import_takes_precedence() -> None:
    waiting = keep(emails("ana", "omar"), asks=False)
    preferences = Preferences(language="fr")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.subscribe(
                email="ana@example.org", preferences=preferences, circumstances=Circumstances()
            )
            future: Future[Any] = pool.submit(
                in_separate_connection(lambda: apply_import(pk=waiting.pk, user=None))
            )
            wait_until_blocked()
        done = future.result(SECONDS)
    assert done.counts[Outcome.NEW] == 1
    ana = Subscriber.objects.get(email="ana@example.org")
    assert (ana.state, ana.language) == (SubscriberState.PENDING, "fr")
    assert not ConsentRecord.objects.filter(
        event="import", address_key=address_key("ana@example.org")
    ).exists()


def test_a_person_erased_during_the_import_is_not_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = keep(emails("ana", "omar"), asks=False)

    def erased_meanwhile(*arguments: Any, **options: Any) -> Any:
        """Erase the person after the list was compared and before it is committed."""
        found = add_subscribers(*arguments, **options)
        with ThreadPoolExecutor(1) as pool:
            erase = in_separate_connection(lambda: services.erase_person(email="ana@example.org"))
            pool.submit(erase).result(SECONDS)
        return found

    monkeypatch.setattr("newsletter.people.imports.services.add_subscribers", erased_meanwhile)
    done = apply_import(pk=waiting.pk, user=None)
    assert (done.counts[Outcome.NEW], done.counts[Outcome.LEFT]) == (1, 1)
    assert list(Subscriber.objects.values_list("email", flat=True)) == ["omar@example.org"]
