"""Quoted-printable, of words that are the same for all readers and links that are not. RFC 2045, section 6.7."""

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.words import Slot

SOFT_BREAK = b"=\r\n"
LINE = 75  # and the "=" of a soft break
_SLOTS = re.compile("(" + "|".join(re.escape(slot) for slot in Slot) + ")")


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text in which links are missing: `pieces` are encoded, and between two of them stands the link of a slot.

    Lines are 76 characters at most and end in CRLF, with any link.
    """

    pieces: Sequence[bytes]
    slots: Sequence[Slot]

    name = "quoted-printable"

    @property
    def size(self) -> int:
        """Bytes without any link."""
        return sum(map(len, self.pieces))

    def fill(self, encoded_links: Mapping[Slot, bytes]) -> bytes:
        """The text with links, which `encode_link` has encoded, where their marks are."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (encoded_links[slot], piece)
        return b"".join(parts)


def encode(text: str) -> EncodedText:
    """Encode a text with marks of slots."""
    parts = _SLOTS.split(_with_plain_line_ends(text))
    words, slots = parts[::2], [Slot(part) for part in parts[1::2]]
    pieces = []
    for number, piece in enumerate(words):
        encoded = b"\r\n".join(_encode_line(line) for line in piece.split("\n"))
        # A link has lines of its own, or else one could become too long.
        if number > 0 and piece and not piece.startswith("\n"):
            encoded = SOFT_BREAK + encoded
        if number < len(slots) and piece and not piece.endswith("\n"):
            encoded = _with_room(encoded) + SOFT_BREAK
        if number > 0 and not piece and number < len(slots):
            encoded = SOFT_BREAK
        pieces.append(encoded)
    return EncodedText(pieces, slots)


def _with_room(encoded: bytes) -> bytes:
    """The same with a last line that the sign of a soft break fits into."""
    last_line = encoded[encoded.rfind(b"\n") + 1 :]
    if len(last_line) <= LINE:
        return encoded
    # No escaped sign ("=C3") is cut in two.
    cut = next(cut for cut in (3, 4, 5) if b"=" not in last_line[-cut - 2 : -cut])
    return encoded[:-cut] + SOFT_BREAK + encoded[-cut:]


def encode_link(link: str) -> bytes:
    """Raises UnicodeEncodeError where the link has letters that no address has."""
    # Of escaped signs three times as many letters are made.
    width = LINE // 3 if "=" in link else LINE
    lines = [link[start : start + width] for start in range(0, len(link), width)]
    return "=\r\n".join(lines).replace("=", "=3D").replace("=3D\r\n", "=\r\n").encode("ascii")


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encode_line(line: str) -> bytes:
    return binascii.b2a_qp(line.encode()).replace(b"=\n", SOFT_BREAK)
