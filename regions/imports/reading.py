"""Reads a file of comma-separated values: into rows with their lines, or into what is wrong with it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cells import clean
from .columns import COLUMNS, KEY
from .problems import ImportRefusedError, Problem

MAX_BYTES = 2 * 1024 * 1024
# There are some 250 codes of countries. A file that is wrong throughout is soon told so.
MAX_ROWS = 1000
MAX_COLUMNS = 200
# What other programs save where CSV in UTF-8 was not asked for, by its first bytes.
OTHER_FORMATS = {
    b"\xff\xfe": _("The file is in UTF-16. Save it as CSV in UTF-8."),
    b"\xfe\xff": _("The file is in UTF-16. Save it as CSV in UTF-8."),
    b"PK\x03\x04": _("The file is a workbook of a spreadsheet program. Save it as CSV in UTF-8."),
    b"\xd0\xcf\x11\xe0": _("The file is an old Excel workbook. Save it as CSV in UTF-8."),
    b"%PDF": _("The file is a PDF. A CSV file in UTF-8 is needed."),
    b"\x1f\x8b": _("The file is compressed. Unpack it first."),
}


@dataclass
class Row:
    """One row: its line in the file, and the cells that are not blank, parsed, by their columns.

    `broken` are the columns whose cells could not be parsed.
    """

    line: int
    cells: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def iso3(self) -> str:
        return str(self.cells[KEY])


def read(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows that say which state they are about, and the problems of headings and cells.

    Raises `ImportRefusedError` for what cannot be read as a table of states at all.
    """
    records = _records(_text(content))
    _line, headings = next(records, (1, []))
    columns, problems = _columns([heading.strip() for heading in headings])
    rows: list[Row] = []
    for number, (line, record) in enumerate(records):
        if number == MAX_ROWS:
            raise _refusal(_("The file has more rows than there are states."), line)
        if len(record) != len(headings):
            message = _("The row has %(cells)d cells; the headings are %(columns)d.")
            numbers = {"cells": len(record), "columns": len(headings)}
            problems.append(Problem(message % numbers, line))
            continue
        row, wrong = _row(line, columns, record)
        problems += wrong
        if KEY in row.cells:
            rows.append(row)
    if not rows and not problems:
        raise _refusal(_("The file has headings and no rows."))
    return rows, problems


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        size = {"size": MAX_BYTES // 1024**2}
        raise _refusal(_("The file has more than %(size)d MB.") % size)
    if not content.strip():
        raise _refusal(_("The file is empty."))
    for signature, message in OTHER_FORMATS.items():
        if content.startswith(signature):
            raise _refusal(message)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise _refusal(_("The file is no text: it holds a zero byte."), line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal(_("The file is not in UTF-8. Save it as CSV in UTF-8."), line) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
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
            raise _refusal(message, line) from None
        if any(cell.strip() for cell in record):
            yield line, record


def _columns(headings: list[str]) -> tuple[list[str], list[Problem]]:
    """The columns by their headings, a blank for each that is not read."""
    if KEY not in headings:
        message: str | Promise = _("There is no column iso3: it says which state a row is about.")
        if len(headings) == 1 and any(mark in headings[0] for mark in ";\t"):
            message = _("The columns are not separated by commas. Save the file with commas.")
        raise _refusal(message, 1)
    if len(headings) > MAX_COLUMNS:
        raise _refusal(_("The file has more columns than an import knows."), 1)
    problems: list[Problem] = []
    columns: list[str] = []
    for number, heading in enumerate(headings, start=1):
        problem = _heading_problem(number, heading, known=columns)
        columns.append("" if problem else heading)
        problems += [problem] if problem else []
    return columns, problems


def _heading_problem(number: int, heading: str, *, known: list[str]) -> Problem | None:
    if not heading:
        message = _("Column %(number)d has no heading.") % {"number": number}
        return Problem(message, 1)
    if heading in known:
        return Problem(_("The column stands twice."), 1, heading)
    if heading in COLUMNS:
        return None
    close = get_close_matches(heading, COLUMNS, n=1)
    if close:
        message = _("No such column is known. Is it %(column)s?") % {"column": close[0]}
        return Problem(message, 1, heading[:60])
    return Problem(_("No such column is known."), 1, heading[:60])


def _row(line: int, columns: list[str], record: list[str]) -> tuple[Row, list[Problem]]:
    row, problems = Row(line), []
    for column, raw in zip(columns, record, strict=True):
        if not column:
            continue
        try:
            text = clean(raw)
            if text:
                row.cells[column] = COLUMNS[column].parse(text)
        except ValidationError as error:
            problems += [Problem(message, line, column) for message in error.messages]
            row.broken.add(column)
    if KEY not in row.cells and KEY not in row.broken:
        problems.append(Problem(_("The row does not say which state it is about."), line, KEY))
    return row, problems


def _refusal(message: str | Promise, line: int | None = None) -> ImportRefusedError:
    return ImportRefusedError([Problem(message, line)])
