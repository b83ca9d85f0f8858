"""The content of a mail in one language, with slots for each recipient's own links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """A link that differs between recipients. The marks consist of characters that neither HTML nor a URL escapes."""

    UNSUBSCRIBE = "%%UNSUBSCRIBE%%"
    PREFERENCES = "%%PREFERENCES%%"
    STAY = "%%STAY%%"


@dataclass(frozen=True)
class MailContent:
    """What every recipient who reads `language` gets. `html` and `text` hold slots; `subject` is one line."""

    subject: str
    html: str
    text: str
    language: str


SLOTS = re.compile("|".join(re.escape(slot) for slot in Slot))


def fill(text: str, links: Mapping[Slot, str]) -> str:
    """Replace all slots in one pass, so that slots inside a link are left alone. Raises KeyError for a missing link."""
    return SLOTS.sub(lambda mark: links[Slot(mark[0])], text)
