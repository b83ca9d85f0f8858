"""Files of comma-separated values that staff bring in: read strictly, and what is wrong with one said in words."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .spreadsheet import FORMULA_STARTS, unescape_formulas

# What other programs save where CSV in UTF-8 was not asked for, by its first bytes.
OTHER_FORMATS = {
    codecs.BOM_UTF32_LE: gettext_lazy("The file is in UTF-32. Save it as CSV in UTF-8."),
    codecs.BOM_UTF32_BE: gettext_lazy("The file is in UTF-32. Save it as CSV in UTF-8."),
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
# How cells are separated: by commas; by semicolons where the decimal sign is a comma; by tabs in Excel's Unicode text.
DELIMITERS = ",;\t"
# By which Excel says it, in a line before the headings.
_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t|])\"?[,;\t|]*\r?(?:\n|\Z)", re.IGNORECASE)
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


@dataclass(frozen=True)
class Headings:
    """Define the headings that a file may have.

    `known` are the columns. `key` is the one that must be there, and `without_key` says so. `aliases` leads from other
    headings, folded, to columns; those in `unread`, folded too, are passed over.
    """

    known: Collection[str]
    key: str
    without_key: str | Promise
    aliases: Mapping[str, str] = field(default_factory=dict)
    unread: Collection[str] = ()


class ImportRefusedError(Exception):
    """The file has mistakes; `problems` are all that were found, in the order of the file. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)


def refusal(message: str | Promise, line: int | None = None) -> ImportRefusedError:
    """What to raise where the file cannot be read any further."""
    return ImportRefusedError([Problem(message, line)])


def decoded(content: bytes, *, max_bytes: int) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its mark.

    Raises `ImportRefusedError` for what is no such text, or is longer than `max_bytes`.
    """
    if len(content) > max_bytes:
        size = {"size": max_bytes // 1024**2}
        raise refusal(_("The file has more than %(size)d MB.") % size)
    if not content.strip():
        raise refusal(_("The file is empty."))
    for signature, message in OTHER_FORMATS.items():
        if content.startswith(signature):
            raise refusal(message)
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"  # Excel's "Unicode text".
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refusal(_("The file is not in UTF-8. Save it as CSV in UTF-8."), line) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise refusal(_("The file is no text: it holds a zero byte."), line)
    return text


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line on which it begins.

    Cells are separated by what a line `sep=;` says, or by that of commas, semicolons and tabs which parts the headings
    into most columns.
    """
    separator_line = _SEPARATOR_LINE.match(text)
    lines_before = 0
    if separator_line:
        text = text[separator_line.end() :]
        lines_before = 1
    delimiter = separator_line[1] if separator_line else _delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    while True:
        line = reader.line_num + 1 + lines_before
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("The table cannot be read from here on: %(error)s.") % {"error": error}
            raise refusal(message, line) from None
        if any(cell.strip() for cell in record):
            yield line, record


def _delimiter_of(text: str) -> str:
    headings = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(DELIMITERS, key=headings.count)


def folded(heading: str) -> str:
    """Return a heading in the form in which headings are compared: `E-mail address` as `e_mail_address`."""
    return re.sub(r"\W+", "_", unicodedata.normalize("NFKC", heading).casefold()).strip("_")


def columns_of(headings: Sequence[str], expected: Headings) -> tuple[list[str], list[Problem]]:
    """Return the columns by their headings, a blank for each that is not read, and what is wrong with the headings.

    Case, blanks and signs make no difference to a heading. Raises `ImportRefusedError` where the key is not there.
    """
    by_heading = {**expected.aliases, **{folded(column): column for column in expected.known}}
    found = [by_heading.get(folded(heading), "") for heading in headings]
    if expected.key not in found:
        raise refusal(expected.without_key, 1)
    if len(headings) > MOST_COLUMNS:
        raise refusal(_("The file has more columns than an import knows."), 1)
    problems: list[Problem] = []
    columns: list[str] = []
    for number, (heading, column) in enumerate(zip(headings, found, strict=True), start=1):
        if folded(heading) in expected.unread and not column:
            columns.append("")
            continue
        problem = _heading_problem(number, heading, column, before=columns, known=expected.known)
        columns.append("" if problem else column)
        problems += [problem] if problem else []
    return columns, problems


def wrong_length(line: int, *, cells: int, columns: int) -> Problem:
    """Of a row that has more or fewer cells than there are headings."""
    message = _("The row has %(cells)d cells; the headings are %(columns)d.")
    return Problem(message % {"cells": cells, "columns": columns}, line)


def clean(raw: str) -> str:
    """Return the text of a cell without the blanks around it and without the apostrophes that our exports write.

    Raises `ValidationError` for what no cell may hold. A formula that is not marked as text, as an export marks it, may
    have been computed already.
    """
    if raw.startswith(FORMULA_STARTS) or raw.strip().startswith(FORMULA_STARTS):
        raise ValidationError(
            _("A cell may not start with =, +, - or @: spreadsheets take it for a formula.")
        )
    text = unicodedata.normalize("NFC", unescape_formulas(raw).replace("\r\n", "\n").strip())
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
    number: int, heading: str, column: str, *, before: Collection[str], known: Collection[str]
) -> Problem | None:
    if not heading:
        message = _("Column %(number)d has no heading.") % {"number": number}
        return Problem(message, 1)
    if column and column in before:
        return Problem(_("The column stands twice."), 1, heading[:60])
    if column:
        return None
    close = get_close_matches(folded(heading), known, n=1)
    if close:
        message = _("No such column is known. Is it %(column)s?") % {"column": close[0]}
        return Problem(message, 1, heading[:60])
    return Problem(_("No such column is known."), 1, heading[:60])
