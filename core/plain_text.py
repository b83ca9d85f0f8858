"""Removes invisible characters from text of users."""

import unicodedata


def printable(text: str) -> str:
    """Return the text without control characters, lone surrogates and unassigned code points."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cs", "Cn"})


def on_one_line(text: str, *, longest: int) -> str:
    """Return at most `longest` characters on one line, with a space for each run of what cannot be printed."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.split())[:longest].strip()
