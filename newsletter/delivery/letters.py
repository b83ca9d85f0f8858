"""Mails as bytes: one template a language, into which each reader's address and links are put."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.utils import format_datetime, parseaddr
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import punycode

from newsletter.choices import MailingKind
from newsletter.message_ids import message_id_of
from newsletter.words import Slot

from .base64_text import Base64Text
from .quoted_printable import EncodedText, encode, encode_link
from .transports.interface import Content

LONGEST_ADDRESS = 254
LONGEST_TOKEN = 160  # letters; today's have 147
_VISIBLE = re.compile(r"[!-;=?-~]+")  # Neither blanks nor what ends an address: "<" and ">".
_LINE_BREAK = re.compile(r"[\r\n]")
_CHARSET = Charset("utf-8")
_CHARSET.header_encoding = QP


class LetterError(ValueError):
    """What a letter is made of has no place in one: a line break in a header, an address that is not ASCII.

    Says where, not what: it may be an address.
    """


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one reader: see `transports.interface.OutgoingMail`."""

    template: "LetterTemplate"
    mailing_id: int
    delivery_id: int
    message_id: str
    address: str
    links: Mapping[Slot, str]

    @property
    def content(self) -> Content:
        return self.template.content

    @property
    def headers(self) -> dict[str, str]:
        return {**self.template.headers, **self._own_headers()}

    @property
    def raw(self) -> bytes:
        headers = self._own_headers() | {
            "To": self.address,
            "Date": format_datetime(datetime.now(UTC)),
        }
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        return self.template.fill("".join(lines).encode("ascii"), self.links)

    def _own_headers(self) -> dict[str, str]:
        kind = self.template.kind
        return {
            "Message-ID": self.message_id,
            "List-Unsubscribe": f"<{self.links[Slot.UNSUBSCRIBE]}>",
            # Read by the mailbox providers' reports of complaints: campaign, list, kind, sender.
            "Feedback-ID": f"{kind}-{self.mailing_id}:newsletter:{kind}:{_sender_id()}",
        }


@dataclass(frozen=True)
class LetterTemplate:
    """The mail to the readers of one language, without what differs between them."""

    content: Content
    kind: MailingKind
    headers: Mapping[str, str]
    # What stands between the parts of the mail, and the parts.
    _frame: list[bytes] = field(default_factory=list, repr=False)
    _parts: list[EncodedText | Base64Text] = field(default_factory=list, repr=False)

    def for_(
        self,
        *,
        address: str,
        links: Mapping[Slot, str],
        mailing_id: int,
        delivery_id: int,
        message_id: str = "",
    ) -> Letter:
        """The mail to one reader. `links` has those of `slots`. Raises LetterError."""
        if not _VISIBLE.fullmatch(address) or not _VISIBLE.fullmatch(links[Slot.UNSUBSCRIBE]):
            raise LetterError("The address or a link of a reader has letters that no header takes.")
        message_id = message_id or message_id_of(mailing_id, delivery_id)
        return Letter(self, mailing_id, delivery_id, message_id, address, links)

    @cached_property
    def slots(self) -> list[Slot]:
        """Of which links are needed: those in the words, and the one in the headers."""
        in_words = [slot for part in self._parts for slot in part.slots]
        return list(dict.fromkeys([Slot.UNSUBSCRIBE, *in_words]))

    @cached_property
    def size(self) -> int:
        """Bytes of the longest mail that can come of it, as it is sent: with the longest address and links."""
        links = longest_links()
        address = f"{'x' * (LONGEST_ADDRESS - 6)}@x.org"
        letter = self.for_(address=address, links=links, mailing_id=10**18, delivery_id=10**18)
        return len(letter.raw)

    def fill(self, own_headers: bytes, links: Mapping[Slot, str]) -> bytes:
        encoded = {slot: encode_link(link) for slot, link in links.items()}
        pieces = [own_headers, self._frame[0]]
        for part, after in zip(self._parts, self._frame[1:], strict=True):
            filled = part.fill(encoded) if isinstance(part, EncodedText) else part.fill(links)
            pieces += (filled, after)
        return b"".join(pieces)


def compose(content: Content, kind: MailingKind = MailingKind.ISSUE) -> LetterTemplate:
    """The template of a mailing's words in a language: multipart/alternative, text first."""
    headers = _shared_headers(content)
    # The same words have the same boundary, and the chance that they hold it is nil.
    boundary = "=_" + hashlib.sha256(f"{content.html}\0{content.text}".encode()).hexdigest()[:32]
    lines = {
        "From": _encoded_sender(),
        "Subject": _encoded_words("Subject", content.subject),
        **headers,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
    }
    lines["List-Id"] = lines["List-Id"].replace(" <", "\r\n <")
    frame = ["".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"]
    parts = []
    for subtype, words in (("plain", content.text), ("html", content.html)):
        part = _shorter_encoding(words)
        frame[-1] += (
            f"--{boundary}\r\n"
            f"Content-Type: text/{subtype}; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: {part.name}\r\n\r\n"
        )
        parts.append(part)
        frame.append("\r\n")
    frame[-1] += f"--{boundary}--\r\n"
    return LetterTemplate(content, kind, headers, [piece.encode("ascii") for piece in frame], parts)


def longest_links() -> dict[Slot, str]:
    """Links as long as any reader's, to measure mails with."""
    room = len(settings.SITE_URL) + len("/xx/newsletter/unsubscribe//?issue=") + 20
    return dict.fromkeys(Slot, "x" * (room + LONGEST_TOKEN))


def _shorter_encoding(words: str) -> EncodedText | Base64Text:
    quoted, in_base64 = encode(words), Base64Text.of(words)
    return in_base64 if in_base64.size < quoted.size else quoted


def site_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def sender_address() -> str:
    """The address of `DEFAULT_FROM_EMAIL` alone, for the envelope, its domain as DNS has it."""
    local, at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    return f"{local}{at}{punycode(domain)}"


def _sender_id() -> str:
    """What stays the same in all feedback; 15 letters at most."""
    return site_host().removeprefix("www.")[:15]


def _shared_headers(content: Content) -> dict[str, str]:
    with translation.override(content.language):
        newsletter = settings.SITE_URL + reverse("newsletter:subscribe")
    reply_to = {"Reply-To": settings.NEWSLETTER_REPLY_TO} if settings.NEWSLETTER_REPLY_TO else {}
    return {
        **reply_to,
        # Exchange sends neither its notices of absence nor receipts in answer.
        "X-Auto-Response-Suppress": "All",
        "Content-Language": content.language,
        # RFC 2919. A program of mail sorts by it.
        "List-Id": f'"{settings.WAGTAIL_SITE_NAME}" <newsletter.{site_host()}>',
        # RFC 8058: one click ends the subscription.
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # RFC 2369.
        "List-Help": f"<{newsletter}>",
        "List-Archive": f"<{newsletter}issues/>",
        "Precedence": "bulk",
    }


def _encoded_words(name: str, words: str) -> str:
    if _LINE_BREAK.search(words):
        raise LetterError(f"A line break in {name}.")
    charset = None if words.isascii() else _CHARSET
    return Header(words, charset=charset, header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _encoded_sender() -> str:
    name, _address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    address = sender_address()
    if not name:
        return address
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded_words('From', name)} <{address}>"
