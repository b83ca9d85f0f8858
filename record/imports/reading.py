"""Reads a file of comma-separated values: into rows with their lines, or into what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.csv_files import (
    Headings,
    Problem,
    clean,
    columns_of,
    decoded,
    records,
    refusal,
    wrong_length,
)

from .columns import COLUMNS, KEY

MAX_BYTES = 2 * 1024 * 1024
# There are some 250 codes of countries. A file that is wrong throughout is soon told so.
MAX_ROWS = 1000


HEADINGS = Headings(
    known=COLUMNS,
    key=KEY,
    without_key=_("There is no column iso3: it says which state a row is about."),
)


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
    found = records(decoded(content, max_bytes=MAX_BYTES))
    _line, headings = next(found, (1, []))
    columns, problems = columns_of([heading.strip() for heading in headings], HEADINGS)
    rows: list[Row] = []
    for number, (line, record) in enumerate(found):
        if number == MAX_ROWS:
            raise refusal(_("The file has more rows than there are states."), line)
        if len(record) != len(headings):
            problems.append(wrong_length(line, cells=len(record), columns=len(headings)))
            continue
        row, wrong = _row(line, columns, record)
        problems += wrong
        if KEY in row.cells:
            rows.append(row)
    if not rows and not problems:
        raise refusal(_("The file has headings and no rows."))
    return rows, problems


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
