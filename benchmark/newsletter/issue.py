"""Runs commands from standard input inside the site, with its own settings.

`content FOLDER` writes the issue and one message as files. `await WORKERS` returns when that many workers have
registered. `send MAILS` creates that many readers and a mailing to them, waits until it is sent, and prints the seconds
since its start, including the creation of its deliveries.
"""

import sys
import time
import uuid
from pathlib import Path

import django

PARAGRAPH = (
    "States Parties, civil society and survivors' groups met this week to take stock of what the Court has done, and "
    "of what it needs in order to go on with its work: arrest warrants that are carried out, a budget that matches "
    "the caseload, and laws at home that let national courts do their part. "
)
LEAST_BYTES = 20_000


def content() -> tuple[str, str]:
    """Return the HTML and the plain text of an issue, which make a mail of about 20 KB."""
    links = "Unsubscribe: %%UNSUBSCRIBE%%\nChange what you receive: %%PREFERENCES%%\n"
    text = "\n\n".join(PARAGRAPH for _ in range(12)) + "\n\n" + links
    rows = "".join(
        f'<h2 style="font:700 20px/1.3 Georgia,serif;color:#14213d;margin:32px 0 8px">Story {number}</h2>'
        f'<p style="font:16px/1.5 Arial,sans-serif;color:#222;margin:0 0 16px">{PARAGRAPH} &mdash; « enquête »</p>'
        f'<p><a style="color:#0b5394" href="https://www.example.org/news/story-{number}/">Read on</a></p>'
        for number in range(22)
    )
    html = (
        f'<!doctype html><html lang="en" dir="ltr"><body>{rows}<p><a href="%%UNSUBSCRIBE%%">Unsubscribe</a> '
        '<a href="%%PREFERENCES%%">Change what you receive</a></p></body></html>'
    )
    return html, text


def write_content(folder: Path) -> None:
    from newsletter.delivery.messages import compose  # noqa: PLC0415 - needs django.setup()
    from newsletter.mail_content import MailContent  # noqa: PLC0415
    from newsletter.models import Subscriber  # noqa: PLC0415
    from newsletter.tokens import PersonalLinks  # noqa: PLC0415 - needs django.setup()

    html, text = content()
    template = compose(MailContent(subject="News", html=html, text=text, language="en"))
    links = PersonalLinks(template.slots, language="en", issue=1).of(Subscriber(email="a@b.org"))
    message = template.for_(address="a@b.org", links=links, mailing_id=1, delivery_id=1)
    (folder / "message.eml").write_bytes(message.raw)
    (folder / "issue.html").write_text(html)
    (folder / "issue.txt").write_text(text)


def await_workers(number: int) -> None:
    """Wait until that many workers have registered, which each does once it has loaded the site."""
    from django.db import connection  # noqa: PLC0415

    registered = 0
    while registered != number:
        time.sleep(0.1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_workers")
            registered = cursor.fetchone()[0]
    time.sleep(1)


def send(mails: int) -> float:
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from newsletter.choices import MailingState, SubscriberState  # noqa: PLC0415
    from newsletter.delivery.sending import queue_senders  # noqa: PLC0415
    from newsletter.delivery.transitions import prepare  # noqa: PLC0415
    from newsletter.models import Mailing, MailingContent, Subscriber  # noqa: PLC0415

    Mailing.objects.all().delete()
    Subscriber.objects.all().delete()
    now = timezone.now()
    Subscriber.objects.bulk_create(
        (
            Subscriber(
                email=f"reader{number}@example.org",
                language="en",
                state=SubscriberState.CONFIRMED,
                confirmed_at=now,
            )
            for number in range(mails)
        ),
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE newsletter_subscriber, newsletter_delivery")
    began = time.perf_counter()
    with transaction.atomic():
        now = timezone.now()
        html, text = content()
        mailing = Mailing.objects.create(
            issue_key=uuid.uuid4(),
            subject="News",
            state=MailingState.SENDING,
            started_at=now,
            active_at=now,
        )
        MailingContent.objects.create(
            mailing=mailing, language="en", subject="News of justice", html=html, text=text
        )
        prepare(mailing=mailing, subscribers=Subscriber.objects.confirmed())
        queue_senders()
    while not Mailing.objects.filter(pk=mailing.pk, state=MailingState.SENT).exists():
        time.sleep(0.02)
    return time.perf_counter() - began


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        command, argument = line.split()
        seconds = 0.0
        if command == "send":
            seconds = send(int(argument))
        elif command == "await":
            await_workers(int(argument))
        else:
            write_content(Path(argument))
        print(seconds, flush=True)  # noqa: T201
