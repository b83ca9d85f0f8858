"""Of who left, nothing stays but the hash after the days that the privacy page says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsletter import services, tasks, tokens
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress
from newsletter.tokens import Purpose

from .factories import SubscriberFactory

PRIVACY_PAGE = Path(django_settings.BASE_DIR, "home/demo_content/pages/privacy.yaml")


def leave(email: str, *, days_ago: int, reason: SuppressionReason | None = None) -> Subscriber:
    subscriber = SubscriberFactory.create(email=email, confirmed=True)
    if reason:
        services.suppress(email=email, reason=reason)
    else:
        services.unsubscribe_address(email=email)
    ended_at = timezone.now() - timedelta(days=days_ago)
    Subscriber.objects.filter(pk=subscriber.pk).update(ended_at=ended_at)
    return subscriber


def in_the_clear(email: str) -> bool:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608
            if email in str(cursor.fetchall()):
                return True
    return False


def test_who_left_long_ago_is_a_hash_and_who_left_now_is_not() -> None:
    leave("long@example.org", days_ago=31)
    leave("bounced@example.org", days_ago=31, reason=SuppressionReason.BOUNCED)
    leave("now@example.org", days_ago=29)
    SubscriberFactory.create(email="stays@example.org", confirmed=True)
    SubscriberFactory.create(email="pending@example.org")

    tasks.forget_former(0)

    assert set(Subscriber.objects.values_list("email", flat=True)) == {
        "now@example.org",
        "stays@example.org",
        "pending@example.org",
    }
    for email, reason in (
        ("long@example.org", SuppressionReason.UNSUBSCRIBED),
        ("bounced@example.org", SuppressionReason.BOUNCED),
    ):
        assert not in_the_clear(email)
        assert SuppressedAddress.objects.of_address(email).get().reason == reason
        events = ConsentRecord.objects.of_address(email).values_list("event", flat=True)
        assert events.last() == ConsentEvent.FORGETTING


def test_who_signed_up_again_since_is_not_deleted() -> None:
    again = leave("again@example.org", days_ago=400)
    Subscriber.objects.filter(pk=again.pk).update(state=SubscriberState.PENDING)
    tasks.forget_former(0)
    assert Subscriber.objects.exists()


def test_who_left_without_a_hash_gets_one_first() -> None:
    leave("old@example.org", days_ago=400)
    SuppressedAddress.objects.all().delete()
    tasks.forget_former(0)
    assert services.is_suppressed(email="old@example.org")


def test_the_link_to_leave_of_an_old_mail_still_says_that_it_ended(client: Client) -> None:
    subscriber = leave("old@example.org", days_ago=400)
    link = f"/newsletter/unsubscribe/{tokens.make(subscriber, Purpose.UNSUBSCRIBE)}/"
    tasks.forget_former(0)
    assert "has ended" in client.get(link).text


def test_many_are_deleted_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PURGE_BATCH", 2)
    for number in range(5):
        leave(f"old{number}@example.org", days_ago=400)
    tasks.forget_former(0)
    assert not Subscriber.objects.exists()
    assert SuppressedAddress.objects.count() == 5


def test_the_days_are_a_setting_and_the_privacy_page_says_the_default(settings: Any) -> None:
    words = f"for {django_settings.NEWSLETTER_KEEP_FORMER_DAYS} days after you leave"
    assert words in PRIVACY_PAGE.read_text()
    settings.NEWSLETTER_KEEP_FORMER_DAYS = 5
    leave("old@example.org", days_ago=6)
    tasks.forget_former(0)
    assert not Subscriber.objects.exists()


def test_nobody_is_asked_for_a_name(client: Client) -> None:
    assert 'name="name"' not in client.get("/newsletter/").text
    assert not [field for field in Subscriber._meta.get_fields() if field.name == "name"]
