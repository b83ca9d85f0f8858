"""Tokens are in mails, and stored or logged nowhere."""

import base64
import logging
import re
from typing import Any

import pytest
from django.core import mail
from django.core.signing import TimestampSigner
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from core.logs import JsonFormatter
from newsletter import services, tokens
from newsletter.choices import MailingKind
from newsletter.models import ConsentRecord, Delivery, Mailing, Subscriber
from newsletter.tokens import Purpose

from .conftest import RunJobs, SignUp
from .factories import SubscriberFactory

TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}\.[A-Za-z0-9]{6}\.[A-Za-z0-9_-]{43}")
HERE = "http://testserver"


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect every token that the site makes."""
    made: set[str] = set()
    sign = TimestampSigner.sign_object

    def remember(signer: TimestampSigner, held: object) -> str:
        token: str = sign(signer, held)
        made.add(token.partition(".")[0])  # Time and signature follow.
        return token

    monkeypatch.setattr(TimestampSigner, "sign_object", remember)
    return made


def journey(client: Client, sign_up: SignUp, run_jobs: RunJobs) -> None:
    """Use every link of mails, opening each page from the one before."""
    client.raise_request_exception = False
    sign_up()
    run_jobs()
    pages = TOKEN.findall(str(mail.outbox[-1].body))
    confirm, unsubscribe = (
        next(token for token in pages if _serves(token, purpose))
        for purpose in (Purpose.CONFIRM, Purpose.UNSUBSCRIBE)
    )
    here = visit(client, f"/newsletter/confirm/{confirm}/")
    visit(client, f"/newsletter/confirm/{confirm}/", here, {})
    visit(client, f"/newsletter/confirm/{confirm}/", here, {})
    subscriber = Subscriber.objects.get()
    preferences = f"/fr/newsletter/preferences/{tokens.make(subscriber, Purpose.PREFERENCES)}/"
    here = visit(client, preferences)
    visit(client, preferences, here, {"language": "fr"})
    visit(client, "/newsletter/", here, {"email": "other@example.org", "consent": "on"})
    visit(client, "/newsletter/thanks/", here)
    visit(client, "/search/", here)
    _ask_to_stay(subscriber)
    stay = f"/newsletter/stay/{tokens.make(subscriber, Purpose.STAY)}/"
    visit(client, stay, visit(client, stay), {})
    for broken in (preferences[:-30], preferences + "x/", preferences.replace("fr/", "fr//")):
        visit(client, broken, here)
        visit(client, broken, here, {})
    leave = f"/newsletter/unsubscribe/{unsubscribe}/"
    here = visit(client, leave)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "unsubscribe", _fail)
        assert client.post(leave, headers={"Referer": here}).status_code == 500
    visit(client, leave, here, {"List-Unsubscribe": "One-Click"})
    visit(client, leave, here)
    visit(client, preferences, here)
    run_jobs()


def visit(client: Client, path: str, referer: str = "", data: dict[str, str] | None = None) -> str:
    headers = {"Referer": referer, "Sec-Fetch-Site": "same-origin"}
    if data is None:
        client.get(path, headers=headers)
    else:
        client.post(path, data, headers=headers)
    return f"{HERE}{path}"


def _serves(token: str, purpose: Purpose) -> bool:
    try:
        tokens.read(token, purpose)
    except tokens.TokenError:
        return False
    return True


def _fail(*, token: str, **_circumstances: Any) -> None:
    raise RuntimeError(f"Failing with {token}")


def _ask_to_stay(subscriber: Subscriber) -> None:
    mailing = Mailing.objects.create(
        kind=MailingKind.RECONFIRMATION, subject="Stay?", answer_by=timezone.now().date()
    )
    Delivery.objects.create(mailing=mailing, subscriber=subscriber, language="en")


def test_no_table_and_no_log_line_contains_a_token(
    client: Client,
    sign_up: SignUp,
    run_jobs: RunJobs,
    issued: set[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        journey(client, sign_up, run_jobs)
    assert len(issued) >= 6
    assert ConsentRecord.objects.exclude(page="").count() >= 5

    formatter = JsonFormatter()
    # Production does not log SQL statements.
    lines = [formatter.format(record) for record in caplog.records if record.name != "django.db"]
    assert any("RuntimeError" in line for line in lines)
    kept = {"log": "\n".join(lines)} | dict(everything_stored())
    assert len(kept) > 50
    found = {
        place
        for place, text in kept.items()
        for token in issued
        if token in text or token.encode().hex() in text
    }
    assert found == set()
    assert {place for place, text in kept.items() if TOKEN.search(text)} == set()


def everything_stored() -> list[tuple[str, str]]:
    """Return each table with its rows as text, and the decoded values of the cache."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')  # noqa: S608
            rows.append((table, cursor.fetchone()[0] or ""))
        cursor.execute("SELECT value FROM shared_cache")
        cached = [base64.b64decode(value).decode("latin-1") for (value,) in cursor.fetchall()]
    return [*rows, ("values of the cache", "\n".join(cached))]


def test_pages_of_tokens_send_no_referer(client: Client) -> None:
    subscriber = SubscriberFactory.create(confirmed=True)
    for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE):
        path = f"/newsletter/{purpose}/{tokens.make(subscriber, purpose)}/"
        assert client.get(path)["Referrer-Policy"] == "strict-origin"
    assert client.get("/newsletter/confirm/x/")["Referrer-Policy"] == "strict-origin"


def test_the_database_refuses_a_token_in_the_ledger() -> None:
    token = tokens.make(SubscriberFactory.create(), Purpose.PREFERENCES)
    with pytest.raises(IntegrityError, match="holds_no_token"), transaction.atomic():
        ConsentRecord.objects.create(
            address_key="x", event="unsubscription", page=f"/newsletter/preferences/{token}/"
        )
