"""The content of a mailing in one language, with slots for each recipient's own links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """A link that differs between recipients. Its placeholder has no character that HTML escapes."""

    UNSUBSCRIBE = "%%UNSUBSCRIBE%%"
    PREFERENCES = "%%PREFERENCES%%"
    STAY = "%%STAY%%"


@dataclass(frozen=True)
class MailContent:
    """The content for readers of `language`. `html` and `text` contain slots; `subject` is one line."""

    subject: str
    html: str
    text: str
    language: str


SLOTS = re.compile("|".join(re.escape(slot) for slot in Slot))


def fill(text: str, links: Mapping[Slot, str]) -> str:
    """Replace all slots in one pass, so that a slot inside a link stays. Raises KeyError for a missing link."""
    return SLOTS.sub(lambda mark: links[Slot(mark[0])], text)
