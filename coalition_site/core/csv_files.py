"""Files of comma-separated values that staff bring in: read strictly, and what is wrong with one said in words."""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .spreadsheet import FORMULA_STARTS

# What other programs save where CSV in UTF-8 was not asked for, by its first bytes.
OTHER_FORMATS = {
    b"\xff\xfe": gettext_lazy("The file is in UTF-16. Save it as CSV in UTF-8."),
    b"\xfe\xff": gettext_lazy("The file is in UTF-16. Save it as CSV in UTF-8."),
    b"PK\x03\x04": gettext_lazy(
        "The file is a workbook of a spreadsheet program. Save it as CSV in UTF-8."
    ),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "The file is an old Excel workbook. Save it as CSV in UTF-8."
    ),
    b"%PDF": gettext_lazy("The file is a PDF. A CSV file in UTF-8 is needed."),
    b"\x1f\x8b": gettext_lazy("The file is compressed. Unpack it first."),
}
# Scripts need them to join letters or to part them; other invisible marks only let a text show as what it is not.
JOINERS = "\u200c\u200d"
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1, the row of headings; nothing where the mistake is the whole file's."""

    message: str | Promise
    line: int | None = None
    column: str = ""

    @property
    def place(self) -> str:
        """Where in the file it is, in words."""
        if self.line is None:
            return _("The file")
        if not self.column:
            return _("Line %(line)d") % {"line": self.line}
        return _("Line %(line)d, %(column)s") % {"line": self.line, "column": self.column}

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ImportRefusedError(Exception):
    """The file has mistakes; `problems` are all that were found, in the order of the file. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)


def refusal(message: str | Promise, line: int | None = None) -> ImportRefusedError:
    """What to raise where the file cannot be read any further."""
    return ImportRefusedError([Problem(message, line)])


def decoded(content: bytes, *, max_bytes: int) -> str:
    """The text of the file. Raises `ImportRefusedError` for what is no text in UTF-8, or is longer than `max_bytes`."""
    if len(content) > max_bytes:
        size = {"size": max_bytes // 1024**2}
        raise refusal(_("The file has more than %(size)d MB.") % size)
    if not content.strip():
        raise refusal(_("The file is empty."))
    for signature, message in OTHER_FORMATS.items():
        if content.startswith(signature):
            raise refusal(message)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise refusal(_("The file is no text: it holds a zero byte."), line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refusal(_("The file is not in UTF-8. Save it as CSV in UTF-8."), line) from None


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("The table cannot be read from here on: %(error)s.") % {"error": error}
            raise refusal(message, line) from None
        if any(cell.strip() for cell in record):
            yield line, record


def columns_of(
    headings: Sequence[str], *, known: Collection[str], key: str, without_key: str | Promise
) -> tuple[list[str], list[Problem]]:
    """The columns by their headings, a blank for each that is not `known`, and what is wrong with them.

    Raises `ImportRefusedError` in the words `without_key` where the column `key` is not there.
    """
    if key not in headings:
        message: str | Promise = without_key
        if len(headings) == 1 and any(mark in headings[0] for mark in ";\t"):
            message = _("The columns are not separated by commas. Save the file with commas.")
        raise refusal(message, 1)
    if len(headings) > MOST_COLUMNS:
        raise refusal(_("The file has more columns than an import knows."), 1)
    problems: list[Problem] = []
    columns: list[str] = []
    for number, heading in enumerate(headings, start=1):
        problem = _heading_problem(number, heading, before=columns, known=known)
        columns.append("" if problem else heading)
        problems += [problem] if problem else []
    return columns, problems


def wrong_length(line: int, *, cells: int, columns: int) -> Problem:
    """Of a row that has more or fewer cells than there are headings."""
    message = _("The row has %(cells)d cells; the headings are %(columns)d.")
    return Problem(message % {"cells": cells, "columns": columns}, line)


def clean(raw: str) -> str:
    """The text of a cell, without the blanks around it. What no cell may hold is refused."""
    if raw.startswith(FORMULA_STARTS) or raw.strip().startswith(FORMULA_STARTS):
        raise ValidationError(
            _("A cell may not start with =, +, - or @: spreadsheets take it for a formula.")
        )
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").strip())
    if text.isprintable():
        return text
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cf"} and letter not in f"\n{JOINERS}":
            raise ValidationError(
                _("The cell holds an invisible character (%(code)s)."),
                params={"code": f"U+{ord(letter):04X}"},
            )
    return text


def _heading_problem(
    number: int, heading: str, *, before: Collection[str], known: Collection[str]
) -> Problem | None:
    if not heading:
        message = _("Column %(number)d has no heading.") % {"number": number}
        return Problem(message, 1)
    if heading in before:
        return Problem(_("The column stands twice."), 1, heading)
    if heading in known:
        return None
    close = get_close_matches(heading, known, n=1)
    if close:
        message = _("No such column is known. Is it %(column)s?") % {"column": close[0]}
        return Problem(message, 1, heading[:60])
    return Problem(_("No such column is known."), 1, heading[:60])
