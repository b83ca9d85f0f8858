"""Former subscribers are deleted after the days stated on the privacy page; only hashes stay."""

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


def test_only_long_ended_subscriptions_are_reduced_to_a_hash() -> None:
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


def test_a_new_sign_up_since_is_not_deleted() -> None:
    again = leave("again@example.org", days_ago=400)
    Subscriber.objects.filter(pk=again.pk).update(state=SubscriberState.PENDING)
    tasks.forget_former(0)
    assert Subscriber.objects.exists()


def test_a_missing_suppression_is_created_first() -> None:
    leave("old@example.org", days_ago=400)
    SuppressedAddress.objects.all().delete()
    tasks.forget_former(0)
    assert services.is_suppressed(email="old@example.org")


def test_the_unsubscribe_link_of_an_old_mail_still_explains_the_end(client: Client) -> None:
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


def test_the_privacy_page_states_the_default_of_the_setting(settings: Any) -> None:
    statement = f"for {django_settings.NEWSLETTER_KEEP_FORMER_DAYS} days after you leave"
    assert statement in PRIVACY_PAGE.read_text()
    settings.NEWSLETTER_KEEP_FORMER_DAYS = 5
    leave("old@example.org", days_ago=6)
    tasks.forget_former(0)
    assert not Subscriber.objects.exists()


def test_no_form_has_a_field_for_a_name(client: Client) -> None:
    assert 'name="name"' not in client.get("/newsletter/").text
    assert not [field for field in Subscriber._meta.get_fields() if field.name == "name"]
