"""Deletion of old events."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from newsletter.feedback.tasks import forget_events
from newsletter.models import MailEvent, Subscriber

from .conftest import PostEvent
from .payloads import postmark_bounce, postmark_delivery


def test_events_are_deleted_after_400_days(reader: Subscriber, post_event: PostEvent) -> None:
    post_event(postmark_bounce(at=timezone.now() - timedelta(days=399)))
    post_event(postmark_delivery())
    old, new = MailEvent.objects.order_by("happened_at")
    forget_events(timestamp=0)
    assert MailEvent.objects.count() == 2
    MailEvent.objects.filter(pk=old.pk).update(happened_at=timezone.now() - timedelta(days=401))
    forget_events(timestamp=0)
    assert MailEvent.objects.get() == new


def test_deletion_runs_daily() -> None:
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["newsletter.forget_events"] == "27 3 * * *"


def test_events_of_an_erased_person_stay_anonymous(
    reader: Subscriber, post_event: PostEvent
) -> None:
    post_event(postmark_delivery())
    reader.delete()
    event = MailEvent.objects.get()
    assert event.subscriber is None
    post_event(postmark_delivery())
    assert MailEvent.objects.get() == event
