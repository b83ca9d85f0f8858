"""The words of a mailing in a language, with marks in whose place each reader's own links stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """Of letters that neither HTML nor an address escapes."""

    UNSUBSCRIBE = "%%UNSUBSCRIBE%%"
    PREFERENCES = "%%PREFERENCES%%"
    STAY = "%%STAY%%"


@dataclass(frozen=True)
class Words:
    """What every reader of `language` gets. `html` and `text` hold slots; `subject` is one line."""

    subject: str
    html: str
    text: str
    language: str


SLOTS = re.compile("|".join(re.escape(slot) for slot in Slot))


def fill(words: str, links: Mapping[Slot, str]) -> str:
    """Put the links where their marks are, all in one go: a link is not looked through for marks."""
    return SLOTS.sub(lambda mark: links[Slot(mark[0])], words)
