"""Messages as they are sent, parsed as a mail program does, against the standards."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from newsletter.choices import MailingKind
from newsletter.delivery.messages import (
    Message,
    MessageError,
    QuotedPrintableText,
    compose,
    quote_link,
)
from newsletter.mail_content import MailContent, Slot
from newsletter.message_ids import message_id_of
from newsletter.models import Subscriber
from newsletter.tokens import PersonalLinks
from tests.newsletter.factories import SubscriberFactory

from .conftest import CONTENTS

ADDRESS = "supporter@example.org"


CONTENT = MailContent(
    subject="News of justice",
    html=f'<p>What is new</p><a href="{Slot.UNSUBSCRIBE}">-</a>',
    text=f"What is new\n{Slot.UNSUBSCRIBE}\n{Slot.PREFERENCES}\n",
    language="en",
)


def message_of(
    content: MailContent, subscriber: Subscriber | None = None, *, address: str = ADDRESS
) -> Message:
    subscriber = subscriber or Subscriber(email=ADDRESS)
    template = compose(content)
    links = PersonalLinks(template.slots, language=content.language, issue=7).of(subscriber)
    return template.for_(address=address, links=links, mailing_id=7, delivery_id=12)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("language", CONTENTS)
def test_message_follows_the_standards(language: str, settings: Any) -> None:
    settings.SITE_URL = "https://www.coalition.example"
    settings.DEFAULT_FROM_EMAIL = "Coalition for the ICC <news@coalition.example>"
    subject, content = CONTENTS[language]
    raw = message_of(replace(CONTENT, subject=subject, text=content, language=language)).raw
    message = read(raw)
    assert message["From"] == "Coalition for the ICC <news@coalition.example>"
    assert message["To"] == ADDRESS
    assert message["Subject"] == subject
    assert message["Date"].datetime is not None
    assert message["Message-ID"] == message_id_of(7, 12)
    assert message["Content-Language"] == language
    assert message["List-Id"].endswith("<newsletter.www.coalition.example>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] == "bulk"
    assert message["Feedback-ID"] == "issue-7:newsletter:issue:coalition.examp"
    prefix = "" if language == "en" else f"/{language}"
    home = f"https://www.coalition.example{prefix}/newsletter/"
    assert message["List-Help"] == f"<{home}>"
    assert message["List-Archive"] == f"<{home}issues/>"
    assert re.fullmatch(rf"<{home}unsubscribe/[\w.-]+/\?issue=7>", message["List-Unsubscribe"])
    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    for name in set(message.keys()):
        assert len(message.get_all(name) or []) == 1
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_both_parts_have_the_content_and_the_links_of_the_reader(db: None, client: Client) -> None:
    subscriber = SubscriberFactory.create(confirmed=True, email=ADDRESS)
    mail = message_of(CONTENT, subscriber)
    message = read(mail.raw)
    unsubscribe = mail.links[Slot.UNSUBSCRIBE]
    assert part(message, "html") == f'<p>What is new</p><a href="{unsubscribe}">-</a>'
    assert part(message, "plain") == f"What is new\n{unsubscribe}\n{mail.links[Slot.PREFERENCES]}\n"
    assert message["List-Unsubscribe"] == f"<{unsubscribe}>"
    for link in mail.links.values():
        address = urlsplit(link)
        assert client.get(f"{address.path}?{address.query}").status_code == 200


def test_reconfirmation_links_name_no_issue() -> None:
    template = compose(CONTENT, MailingKind.RECONFIRMATION)
    links = PersonalLinks(template.slots, language="en").of(Subscriber(email=ADDRESS))
    assert "?" not in links[Slot.UNSUBSCRIBE]


TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \n\r\t.=%")), max_size=400
)
# Enough Arabic for Base64, or too little.
ARABIC = st.text(st.sampled_from("العدالة .\n"), max_size=400)
PIECES = st.lists(st.one_of(TEXTS, ARABIC, st.sampled_from(list(Slot))), max_size=8)


@given(PIECES)
def test_any_content_and_links_survive_encoding(pieces: list[str]) -> None:
    html = "x" + "".join(pieces)
    links = {slot: f"https://www.example.org/{slot.name}/{'a.b' * 40}/?issue=7" for slot in Slot}
    template = compose(replace(CONTENT, html=html, text="-"))
    raw = template.for_(address=ADDRESS, links=links, mailing_id=1, delivery_id=1).raw
    expected = html.replace("\r\n", "\n").replace("\r", "\n")
    for slot, link in links.items():
        expected = expected.replace(slot, link)
    [_text, body] = read(raw).iter_parts()
    decoded = body.get_payload(decode=True)
    assert isinstance(decoded, bytes)
    assert decoded.decode().replace("\r\n", "\n") == expected
    content = raw.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= 76 for line in content.split(b"\r\n"))


def test_arabic_is_sent_in_the_shorter_encoding(db: None) -> None:
    subscriber = SubscriberFactory.create(confirmed=True, email=ADDRESS, language="ar")
    text = "أخبار العدالة الدولية من التحالف من أجل المحكمة الجنائية الدولية. " * 200
    html = (
        f'<p>{text}</p><a href="{Slot.UNSUBSCRIBE}">-</a> {text} <a href="{Slot.PREFERENCES}">-</a>'
    )
    mail = message_of(replace(CONTENT, html=html, text=text, language="ar"), subscriber)
    message = read(mail.raw)
    encodings = [one["Content-Transfer-Encoding"] for one in message.iter_parts()]
    assert encodings == ["base64", "base64"]
    expected = html.replace(Slot.UNSUBSCRIBE, mail.links[Slot.UNSUBSCRIBE])
    assert part(message, "html") == expected.replace(Slot.PREFERENCES, mail.links[Slot.PREFERENCES])
    size = len(html.encode()) + len(text.encode())
    assert len(mail.raw) < 1.5 * size


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_latin_letters_stay_quoted_printable(language: str) -> None:
    message = read(
        message_of(replace(CONTENT, text=CONTENTS[language][0] * 20, language=language)).raw
    )
    encodings = {one["Content-Transfer-Encoding"] for one in message.iter_parts()}
    assert encodings == {"quoted-printable"}


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
def test_any_link_is_encoded_in_short_lines(link: str) -> None:
    lines = quote_link(link).split(b"\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert b"".join(line.removesuffix(b"=") for line in lines[:-1]) + lines[-1] == (
        link.replace("=", "=3D").encode()
    )


def test_link_at_the_start_of_a_line_stays_there() -> None:
    assert QuotedPrintableText.of(f"a\n{Slot.UNSUBSCRIBE}\nb").pieces == [b"a\r\n", b"\r\nb"]


@pytest.mark.parametrize(
    "address", ["a@b.org\r\nBcc: c@d.org", "a@b.org\n", "a b@c.org", "a@b.org>", "é@b.org", ""]
)
def test_address_cannot_inject_a_header(address: str) -> None:
    with pytest.raises(MessageError) as raised:
        message_of(CONTENT, address=address)
    assert "b.org" not in str(raised.value)


def test_subject_cannot_inject_a_header() -> None:
    with pytest.raises(MessageError):
        compose(replace(CONTENT, subject="News\r\nBcc: c@d.org"))


@given(st.integers(1, 10**9), st.integers(1, 10**12), st.emails())
def test_no_message_is_longer_than_the_size_of_its_template(
    mailing_id: int, delivery_id: int, address: str
) -> None:
    template = compose(CONTENT)
    links = PersonalLinks(template.slots, language="en", issue=mailing_id)
    mail = template.for_(
        address=ADDRESS,
        links=links.of(Subscriber(email=address)),
        mailing_id=mailing_id,
        delivery_id=delivery_id,
    )
    assert len(mail.raw) <= template.size <= len(mail.raw) + 2_000


def test_headers_for_a_provider_are_on_one_line_each() -> None:
    mail = message_of(CONTENT)
    assert {"Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"} <= set(
        mail.headers
    )
    assert not any("\n" in value for value in mail.headers.values())
    assert {"From", "To", "Subject", "Date"}.isdisjoint(mail.headers)
