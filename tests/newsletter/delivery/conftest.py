"""Fixtures: a mailing in `SENDING`, and the mail server that receives it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from newsletter.choices import MailingKind, MailingState
from newsletter.delivery.transitions import prepare
from newsletter.mail_content import Slot
from newsletter.models import Mailing, MailingContent, Subscriber
from tests.mail_sink import MailSink, Options

MakeMailing = Callable[..., Mailing]
StartSink = Callable[..., MailSink]

CONTENTS = {
    "en": ("News of justice", "What is new"),
    "fr": ("Des nouvelles de la justice : été", "Ce qui est nouveau"),
    "es": ("Noticias de la justicia", "Lo que es nuevo"),
    "ar": ("أخبار العدالة الدولية من التحالف من أجل المحكمة الجنائية الدولية", "ما هو جديد"),
}


def add_contents(mailing: Mailing) -> None:
    MailingContent.objects.bulk_create(
        MailingContent(
            mailing=mailing,
            language=language,
            subject=subject,
            html=f'<p>{body}</p>\n<a href="{Slot.UNSUBSCRIBE}">-</a> <a href="{Slot.PREFERENCES}">-</a>',
            text=f"{body}\n.\n.dotted\n\n{Slot.UNSUBSCRIBE}\n{Slot.PREFERENCES}\n",
        )
        for language, (subject, body) in CONTENTS.items()
    )


def add_readers(number: int, *, language: str = "en", prefix: str = "reader") -> None:
    now = timezone.now()
    Subscriber.objects.bulk_create(
        Subscriber(
            email=f"{prefix}{count}@example.org",
            language=language,
            state="confirmed",
            confirmed_at=now,
        )
        for count in range(number)
    )


@pytest.fixture
def make_mailing() -> MakeMailing:
    """Create subscribers, and a mailing to all confirmed ones that is being sent."""

    def make(readers: int = 0, **fields: Any) -> Mailing:
        add_readers(readers)
        now = timezone.now()
        mailing = Mailing.objects.create(
            **{
                "kind": MailingKind.ISSUE,
                "issue_key": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                "subject": "News of justice",
                "state": MailingState.SENDING,
                "started_at": now,
                "active_at": now,
                **fields,
            }
        )
        add_contents(mailing)
        prepare(mailing=mailing, subscribers=Subscriber.objects.confirmed())
        return mailing

    return make


@pytest.fixture
def start_sink(tmp_path: Path, settings: Any) -> Iterator[StartSink]:
    """Start a mail server, and direct the mail of this process to it."""
    sinks: list[MailSink] = []

    def start(**options: Any) -> MailSink:
        sink = MailSink(Options(log=str(tmp_path / "received.log"), **options))
        sink.start()
        sinks.append(sink)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        return sink

    yield start
    for sink in sinks:
        sink.kill()
