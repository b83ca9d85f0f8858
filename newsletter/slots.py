"""Marks in the words of a mailing, in whose place each reader's own links stand."""

from enum import StrEnum


class Slot(StrEnum):
    """Of letters that neither HTML nor an address escapes."""

    UNSUBSCRIBE = "%%UNSUBSCRIBE%%"
    PREFERENCES = "%%PREFERENCES%%"
    STAY = "%%STAY%%"
