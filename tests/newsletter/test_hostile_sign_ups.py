"""Hostile sign-ups and tokens: the site never fails, and no address gets a second mail.

`trials/hostile_posts.py` sends thousands.
"""

import random
import string
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client, override_settings

from core.bot_protection import Limit
from newsletter import tokens
from newsletter.forms import SubscribeForm
from newsletter.models import ConsentRecord, Subscriber
from newsletter.tokens import Purpose

from .conftest import RunJobs
from .factories import SubscriberFactory

POSTS = 500

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=limit"
VICTIMS = ["victim@example.org", "other.victim@example.com", "third@example.net"]

INJECTIONS = [
    "{0}\nBcc: other.victim@example.com",
    "{0}\r\nBcc: other.victim@example.com",
    "{0}%0ABcc:other.victim@example.com",
    "{0}\u2028Bcc: other.victim@example.com",
    "{0}, other.victim@example.com",
    "{0};other.victim@example.com",
    '"{0}\r\nSubject: Buy" <{0}>',
    "Friend <{0}>",
    "<{0}>",
    '"\r\n.\r\nMAIL FROM:<x>"@example.org',
    "{0}\0",
    "{0}\x1f",
    "\u202e{0}",
    "{0}@example.org",
    "%s%s%n@example.org",
    "' OR 1=1 --@example.org",
    "{{{{7*7}}}}@example.org",
    "<script>alert(1)</script>@example.org",
]
SPELLINGS = [str.upper, str.title, str.swapcase, lambda text: f"  {text}\t", lambda text: text]


@pytest.fixture(autouse=True)
def generous_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise the limits per client, which would refuse nearly all posts."""
    for name in ("client", "site", "unproven_client", "unproven_site"):
        monkeypatch.setattr(SubscribeForm, f"{name}_limit", Limit(name, 10_000, 600))


def form(**fields: str) -> bytes:
    return "&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode()


def noise(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(string.printable + "éßİ\u0130ﬀ\U0001f600\u200f", k=length))


def hostile_bodies(dice: random.Random) -> Iterator[tuple[bytes, str]]:
    """Yield bodies and their content types, endlessly."""
    for victim in cycle(VICTIMS):
        yield form(email=dice.choice(SPELLINGS)(victim), consent="on"), URLENCODED
        yield form(email=dice.choice(INJECTIONS).format(victim), consent="on"), URLENCODED
        yield form(email=victim, consent="on", name="x\r\nBcc: y@example.org"), URLENCODED
        yield form(email=victim, consent="on", name=noise(dice, 100)), URLENCODED
        yield form(email=noise(dice, 40) + "@example.org", consent="on"), URLENCODED
        yield form(email=victim, consent="on", language=noise(dice, 5)), URLENCODED
        yield form(email=victim, consent="on", regions="'; DROP TABLE x", topics="\0"), URLENCODED
        yield form(email=victim, consent="on", proof=noise(dice, 3_000)), URLENCODED
        yield form(email="x" * dice.choice([300, 100_000]) + "@example.org"), URLENCODED
        yield form(email=victim, consent="on", name="n" * 3_000_000), URLENCODED
        yield b"email=\xff\xfe%ff%fe@example.org&consent=on", URLENCODED
        yield f"email={victim}&consent=on".encode("utf-16"), URLENCODED
        yield form(email=victim, consent="on"), f"{URLENCODED}; charset=utf-7"
        yield form(email=victim, consent="on"), f"{URLENCODED}; charset=no-such-thing"
        yield b"&".join(b"a%d=1" % number for number in range(11_000)), URLENCODED
        yield b'{"email": "victim@example.org", "consent": true}', "application/json"
        yield b"--limit\r\nContent-Disposition: form-data; name=", MULTIPART
        yield dice.randbytes(200), MULTIPART
        yield dice.randbytes(200), "multipart/form-data"
        yield dice.randbytes(200), "multipart/form-data; boundary=\xe9"
        yield dice.randbytes(200), dice.choice(["", "text/plain", "a/b; c", "\t"])
        part = b'--limit\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        file = part % (b"email", b'; filename="email"', victim.encode())
        yield file + part % (b"consent", b"", b"on") + b"--limit--\r\n", MULTIPART
        raw = part % (b"email", b"", b"\xff\xfe@example.org")
        yield raw + part % (b"consent", b"", b"on") + b"--limit--\r\n", MULTIPART


@pytest.mark.property
def test_hostile_sign_ups(run_jobs: RunJobs) -> None:
    dice = random.Random(2)  # noqa: S311 - the same attack in every run
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    bodies = hostile_bodies(dice)
    statuses: Counter[int] = Counter()
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=2_500_000):
        for _ in range(POSTS):
            body, content_type = next(bodies)
            path = dice.choice(["/newsletter/", "/fr/newsletter/", "/ar/newsletter/"])
            response = client.generic("POST", path, body, content_type=content_type)
            statuses[response.status_code] += 1
            if dice.random() < 0.1:
                run_jobs()
    run_jobs()

    assert sum(statuses.values()) == POSTS
    assert set(statuses) <= {302, 400, 413, 422}, statuses
    assert statuses[302] > 50, "some are valid, so the limit per address was tested"
    assert statuses[422] > 100

    mails = Counter(address for message in mail.outbox for address in message.recipients())
    assert set(mails.values()) == {1}, mails
    assert set(VICTIMS) <= set(mails)
    known = set(Subscriber.objects.values_list("email", flat=True))
    assert set(mails) == known
    for message in mail.outbox:
        assert message.message()["Bcc"] is None
        assert "Bcc" not in message.message().as_string()


def test_replayed_and_forged_tokens(client: Client) -> None:
    dice = random.Random(3)  # noqa: S311
    subscribers = SubscriberFactory.create_batch(5)
    attempts: list[tuple[str, str]] = []
    for subscriber in subscribers:
        for purpose in Purpose:
            token = tokens.make(subscriber, purpose)
            attempts += [(other, token) for other in Purpose if other != purpose]
            attempts += [(purpose, mangled) for mangled in mangle(token, dice)]
    assert len(attempts) > 150
    before = list(Subscriber.objects.order_by("pk").values())
    statuses = Counter(
        client.post(
            f"/newsletter/{purpose}/{quote(token, safe='')}/", {"language": "fr"}
        ).status_code
        for purpose, token in attempts
    )
    assert set(statuses) == {404}
    assert list(Subscriber.objects.order_by("pk").values()) == before
    assert ConsentRecord.objects.count() == 0


def mangle(token: str, dice: random.Random) -> list[str]:
    at = dice.randrange(len(token))
    body, stamp, signature = token.split(".")
    return [
        token[:at],
        token[:at] + dice.choice("AaZz09-_") * 3 + token[at:],
        token.swapcase(),
        f"{body}.{stamp}.",
        f".{stamp}.{signature}",
        f"{body}.zzzzzz.{signature}",
        token + "\0",
        token * 20,
        noise(dice, 30).replace("/", ""),
    ]


def test_confirmation_replayed_many_times_confirms_once(client: Client) -> None:
    subscriber = SubscriberFactory.create()
    path = f"/newsletter/confirm/{tokens.make(subscriber, Purpose.CONFIRM)}/"
    statuses = [client.post(path).status_code for _ in range(20)]
    assert statuses == [200] + [410] * 19
    assert ConsentRecord.objects.count() == 1
