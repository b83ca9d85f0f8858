"""Base64, of words that are the same for all readers and links that are not. RFC 2045, section 6.8.

A letter that is not ASCII takes six or more bytes in quoted-printable and less than three here, so Arabic comes to less
than half. A link moves all that follows it, so what comes before the first one is encoded once, and the rest for each
reader.
"""

import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.words import SLOTS, Slot, fill

BYTES_OF_A_LINE = 57
LINE = 76


@dataclass(frozen=True, slots=True)
class Base64Text:
    """A text with marks of slots: `head` is encoded, in whole lines; `rest` is yet to be filled in and encoded."""

    head: bytes
    rest: bytes
    slots: Sequence[Slot]

    name = "base64"

    @classmethod
    def of(cls, text: str) -> "Base64Text":
        content = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode()
        first = SLOTS.search(content.decode())
        fixed = len(content) if first is None else len(content.decode()[: first.start()].encode())
        whole_lines = fixed // BYTES_OF_A_LINE * BYTES_OF_A_LINE
        slots = [Slot(mark) for mark in SLOTS.findall(text)]
        return cls(_lines(content[:whole_lines]), content[whole_lines:], slots)

    @property
    def size(self) -> int:
        """Bytes without any link."""
        return len(self.head) + len(_lines(self.rest))

    def fill(self, links: Mapping[Slot, str]) -> bytes:
        """The text with the links where their marks are."""
        # Whole lines were cut off at bytes, perhaps in the midst of a letter.
        rest = fill(self.rest.decode(errors="surrogateescape"), links)
        return self.head + _lines(rest.encode(errors="surrogateescape"))


def _lines(content: bytes) -> bytes:
    encoded = binascii.b2a_base64(content, newline=False)
    return b"".join(
        encoded[start : start + LINE] + b"\r\n" for start in range(0, len(encoded), LINE)
    )
