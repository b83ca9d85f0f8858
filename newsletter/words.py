"""The words of a mailing in a language, with marks in whose place each reader's own links stand."""

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
