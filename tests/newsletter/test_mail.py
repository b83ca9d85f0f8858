"""Mails to one person: content, language, and headers."""

import logging
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from newsletter.choices import SubscriberState
from newsletter.models import Subscriber

from .conftest import RunJobs, SignUp
from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


def sent() -> EmailMessage:
    """Return the only mail, parsed as a mail program does."""
    assert len(mail.outbox) == 1
    parsed = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content())


def test_mail_is_well_formed(sign_up: SignUp, run_jobs: RunJobs, settings: Any) -> None:
    settings.SITE_URL = "https://www.coalition.example"
    sign_up(ADDRESS)
    run_jobs()
    message = sent()
    assert message["To"] == ADDRESS
    assert message["Subject"] == "Please confirm that you want our newsletter"
    assert message["Date"].datetime is not None
    assert re.fullmatch(r"<[^@<> ]+@www\.coalition\.example>", message["Message-ID"])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    for name in ("Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert len(message.get_all(name) or []) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_mail_has_seven_bits_and_suppresses_automatic_replies(
    language: str, sign_up: SignUp, run_jobs: RunJobs, settings: Any
) -> None:
    settings.NEWSLETTER_REPLY_TO = "secretariat@example.org"
    sign_up(ADDRESS, language=language)
    run_jobs()
    raw = mail.outbox[0].message().as_bytes()
    assert raw.isascii()
    assert b"8bit" not in raw
    assert max(map(len, raw.splitlines())) <= 998
    message = sent()
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Reply-To"] == "secretariat@example.org"
    assert "prefers-color-scheme: dark" in part(message, "html")


def test_links_in_both_parts_open_the_page_with_the_button(
    sign_up: SignUp, run_jobs: RunJobs, client: Client
) -> None:
    sign_up(ADDRESS)
    run_jobs()
    text, html = part(sent(), "plain"), part(sent(), "html")
    confirm = next(path for path in LINK.findall(text) if "/confirm/" in path)
    assert f'href="http://127.0.0.1:8000{confirm}"' in html
    assert client.get(confirm).status_code == 200
    client.post(confirm)
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED


def test_mail_quotes_no_input(sign_up: SignUp, run_jobs: RunJobs) -> None:
    sign_up("buy.cheap.watches@example.org", name="CHEAP WATCHES https://watches.example")
    run_jobs()
    for subtype in ("plain", "html"):
        assert "watches" not in part(sent(), subtype).lower()


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")]
)
@pytest.mark.parametrize("confirmed", [False, True])
def test_mail_is_in_the_language_of_the_subscriber(
    confirmed: bool, language: str, direction: str, run_jobs: RunJobs, sign_up: SignUp
) -> None:
    prefix = "" if language == "en" else f"/{language}"
    SubscriberFactory.create(email=ADDRESS, confirmed=confirmed, language=language)
    sign_up(ADDRESS, language=language)
    run_jobs()
    message = sent()
    html, text = part(message, "html"), part(message, "plain")
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert message["Content-Language"] == language
    assert f"8000{prefix}/newsletter/unsubscribe/" in message["List-Unsubscribe"]
    for path in LINK.findall(text):
        assert path.startswith(f"{prefix}/newsletter/")
    english = "Someone, probably you"
    assert (english in text) == (english in html) == (language == "en")


def test_logs_contain_no_address(
    sign_up: SignUp, run_jobs: RunJobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sign_up(ADDRESS)
    run_jobs()
    assert "newsletter.mail_sent" in caplog.messages
    for record in caplog.records:
        assert ADDRESS not in str(vars(record))
