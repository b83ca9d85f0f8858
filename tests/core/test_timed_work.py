"""Periodic jobs of the worker."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from core.page_cache.middleware import PageCacheMiddleware
from core.tasks import clear_sessions, publish_scheduled
from home.models import HomePage
from tests.jobs import run_jobs

from .page_cache.conftest import cache, caches, eventually, home, visitor

__all__ = ["cache", "caches", "home", "visitor"]


def _run_publishing() -> None:
    """Run the job that publishes scheduled pages, as the worker does each minute."""
    publish_scheduled.configure().defer(timestamp=0)
    run_jobs()


def test_scheduled_changes_go_live_by_the_job_and_are_shown(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage
) -> None:
    home.save_revision().publish()
    home.title = "From noon on"
    home.go_live_at = noon = timezone.now() + timedelta(seconds=3)
    home.save_revision().publish()
    _run_publishing()
    if timezone.now() < noon:
        assert "From noon on" not in visitor.get("/").text

    assert eventually(lambda: timezone.now() > noon)
    _run_publishing()
    assert eventually(lambda: "From noon on" in visitor.get("/").text, seconds=1.0)


def test_one_run_catches_up_after_a_stop(transactional_db: None) -> None:
    publish_scheduled.configure().defer(timestamp=0)
    with pytest.raises(Exception, match="already"):
        publish_scheduled.configure().defer(timestamp=60)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def test_scheduled_work_is_looked_for_every_minute() -> None:
    crons = {name: task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items()}
    assert crons["core.tasks.publish_scheduled"] == "* * * * *"


def test_sessions_that_ended_are_forgotten(db: None) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(days=1))
    clear_sessions(timestamp=0)
    assert [session.session_key for session in Session.objects.all()] == ["new"]
