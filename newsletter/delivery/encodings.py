"""Transfer encodings of a mail's parts: most of a part is encoded once, each recipient's links as they come.

RFC 2045, sections 6.7 and 6.8. Python's own encoders take a whole text, so they would encode an issue anew for every
recipient; `messages.py` has the figure.
"""

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.mail_content import SLOTS, Slot, fill

# Quoted-printable
SOFT_BREAK = b"=\r\n"
QUOTED_LINE = 75  # and the "=" of a soft break
_SPLIT_AT_SLOTS = re.compile(f"({SLOTS.pattern})")
# Base64
BYTES_OF_A_LINE = 57
BASE64_LINE = 76


@dataclass(frozen=True, slots=True)
class QuotedPrintableText:
    """A text without its links: `pieces` are encoded, and the link of a slot goes between two of them.

    Lines are at most 76 characters and end in CRLF, whatever the link.
    """

    pieces: Sequence[bytes]
    slots: Sequence[Slot]

    name = "quoted-printable"

    @classmethod
    def of(cls, text: str) -> "QuotedPrintableText":
        """Encode a text that may hold slots."""
        parts = _SPLIT_AT_SLOTS.split(_with_plain_line_ends(text))
        texts, slots = parts[::2], [Slot(part) for part in parts[1::2]]
        pieces = []
        for number, piece in enumerate(texts):
            encoded = b"\r\n".join(_quote_line(line) for line in piece.split("\n"))
            # A link gets lines of its own, or else one could become too long.
            if number > 0 and piece and not piece.startswith("\n"):
                encoded = SOFT_BREAK + encoded
            if number < len(slots) and piece and not piece.endswith("\n"):
                encoded = _with_room(encoded) + SOFT_BREAK
            if number > 0 and not piece and number < len(slots):
                encoded = SOFT_BREAK
            pieces.append(encoded)
        return cls(pieces, slots)

    @property
    def size(self) -> int:
        """Bytes without any link."""
        return sum(map(len, self.pieces))

    def fill(self, encoded_links: Mapping[Slot, bytes]) -> bytes:
        """Return the text with links that `quote_link` has encoded in place of their slots."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (encoded_links[slot], piece)
        return b"".join(parts)


def quote_link(link: str) -> bytes:
    """Encode a link in quoted-printable. Raises UnicodeEncodeError for characters that no URL has."""
    # An escaped "=" takes three characters.
    width = QUOTED_LINE // 3 if "=" in link else QUOTED_LINE
    lines = [link[start : start + width] for start in range(0, len(link), width)]
    return "=\r\n".join(lines).replace("=", "=3D").replace("=3D\r\n", "=\r\n").encode("ascii")


@dataclass(frozen=True, slots=True)
class Base64Text:
    """A text with slots: `head` is encoded, in whole lines; `rest` is still to be filled and encoded.

    A character outside ASCII takes six bytes or more in quoted-printable and less than three here, so Arabic comes to
    less than half. A link moves all that follows it, so only what precedes the first one is encoded once.
    """

    head: bytes
    rest: bytes
    slots: Sequence[Slot]

    name = "base64"

    @classmethod
    def of(cls, text: str) -> "Base64Text":
        content = _with_plain_line_ends(text).replace("\n", "\r\n").encode()
        first = SLOTS.search(content.decode())
        fixed = len(content) if first is None else len(content.decode()[: first.start()].encode())
        whole_lines = fixed // BYTES_OF_A_LINE * BYTES_OF_A_LINE
        slots = [Slot(mark) for mark in SLOTS.findall(text)]
        return cls(_base64_lines(content[:whole_lines]), content[whole_lines:], slots)

    @property
    def size(self) -> int:
        """Bytes without any link."""
        return len(self.head) + len(_base64_lines(self.rest))

    def fill(self, links: Mapping[Slot, str]) -> bytes:
        """Return the text with the links in place of their slots."""
        # Whole lines were cut off at bytes, perhaps in the middle of a character.
        rest = fill(self.rest.decode(errors="surrogateescape"), links)
        return self.head + _base64_lines(rest.encode(errors="surrogateescape"))


def shorter_encoding(text: str) -> QuotedPrintableText | Base64Text:
    """Encode a text in whichever of the two comes to fewer bytes."""
    quoted, in_base64 = QuotedPrintableText.of(text), Base64Text.of(text)
    return in_base64 if in_base64.size < quoted.size else quoted


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _quote_line(line: str) -> bytes:
    return binascii.b2a_qp(line.encode()).replace(b"=\n", SOFT_BREAK)


def _with_room(encoded: bytes) -> bytes:
    """Break the last line where a soft break would not fit on it."""
    last_line = encoded[encoded.rfind(b"\n") + 1 :]
    if len(last_line) <= QUOTED_LINE:
        return encoded
    # No escape ("=C3") is cut in two.
    cut = next(cut for cut in (3, 4, 5) if b"=" not in last_line[-cut - 2 : -cut])
    return encoded[:-cut] + SOFT_BREAK + encoded[-cut:]


def _base64_lines(content: bytes) -> bytes:
    encoded = binascii.b2a_base64(content, newline=False)
    return b"".join(
        encoded[start : start + BASE64_LINE] + b"\r\n"
        for start in range(0, len(encoded), BASE64_LINE)
    )
