"""The columns of a file: how headings and cells are read, and what staff are shown about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .cells import Parser
from .problems import Problem, refusal
from .reading import clean, decode, fold, read_records

MAX_COLUMNS = 200
# A file that is wrong throughout is not read to its end.
MAX_PROBLEMS = 10_000
QUOTED_CHARACTERS = 60


@dataclass(frozen=True)
class Column:
    """One column: how its cells are parsed, what they mean, and which attribute of an object they set, if any."""

    parse: Parser
    help_text: str | Promise = ""
    values: Sequence[str] = ()
    attribute: str = ""


@dataclass(slots=True)
class Row:
    """One row: its line in the file and its parsed cells that are not blank, by column.

    `broken` holds the columns whose cells could not be parsed.
    """

    line: int
    cells: dict[str, Any] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Define what a file may hold.

    Every row must fill the column `key`; `missing_key` and `blank_key` are the messages where the column or the cell is
    missing. `aliases` maps other headings to columns, `ignored` headings are skipped, and `refused` maps headings to
    the reason for refusing the file; all of them are folded. `is_confidential` keeps cells out of messages.
    """

    columns: Mapping[str, Column]
    key: str
    missing_key: str | Promise
    blank_key: str | Promise
    max_bytes: int
    max_rows: int
    aliases: Mapping[str, str] = field(default_factory=dict)
    ignored: Collection[str] = ()
    refused: Mapping[str, str | Promise] = field(default_factory=dict)
    is_confidential: bool = False

    @property
    def documented(self) -> dict[str, Column]:
        """Return the columns that have an explanation of their own."""
        return {name: column for name, column in self.columns.items() if column.help_text}

    def read(self, content: bytes) -> tuple[list[Row], list[Problem]]:
        """Return the rows that have a key, and the problems of headings and cells.

        Raises `ImportRefusedError` for files that cannot be read as such a table at all.
        """
        found = read_records(decode(content, max_bytes=self.max_bytes))
        _line, headings = next(found, (1, []))
        columns, problems = self.match([heading.strip() for heading in headings])
        rows: list[Row] = []
        for number, (line, record) in enumerate(found):
            if number == self.max_rows:
                raise refusal(_("The file has more than %(most)d rows.") % {"most": number}, line)
            if len(problems) >= MAX_PROBLEMS:
                break
            if len(record) != len(headings):
                message = _("The row has %(cells)d cells; there are %(columns)d headings.")
                counts = {"cells": len(record), "columns": len(headings)}
                problems.append(Problem(message % counts, line))
                continue
            row = self._parse(line, columns, record, problems)
            if self.key in row.cells:
                rows.append(row)
        if not rows and not problems:
            raise refusal(_("The file has headings and no rows."))
        return rows, problems

    def match(self, headings: Sequence[str]) -> tuple[list[str], list[Problem]]:
        """Return the column of each heading, blank where it is not read, and the problems of the headings.

        Case, blanks and punctuation make no difference. Raises `ImportRefusedError` where the key is missing, a
        heading is refused, or there are too many.
        """
        if len(headings) > MAX_COLUMNS:  # Before any of them is read: there may be half a million.
            raise refusal(_("The file has more columns than an import can have."), 1)
        by_heading = {**self.aliases, **{fold(column): column for column in self.columns}}
        folded = [fold(heading) for heading in headings]
        if self.key not in [by_heading.get(heading) for heading in folded]:
            raise refusal(self.missing_key, 1)
        for heading in folded:
            if heading in self.refused:
                raise refusal(self.refused[heading], 1)
        columns: list[str] = []
        problems: list[Problem] = []
        for heading, text in zip(folded, headings, strict=True):
            column = by_heading.get(heading, "")
            if column in columns and column:
                problems.append(
                    Problem(_("The column appears twice."), 1, text[:QUOTED_CHARACTERS])
                )
                column = ""
            elif not column and heading not in self.ignored:
                problems.append(self._unknown(len(columns) + 1, heading, text))
            columns.append(column)
        return columns, problems

    def assign(self, row: Row, instance: object) -> None:
        """Set the attributes of the object for which the row has cells. A blank cell changes nothing."""
        for name, value in row.cells.items():
            if attribute := self.columns[name].attribute:
                setattr(instance, attribute, value)

    def _unknown(self, number: int, heading: str, text: str) -> Problem:
        if not text:
            return Problem(_("Column %(number)d has no heading.") % {"number": number}, 1)
        message = _("Unknown column.")
        if close := get_close_matches(heading, self.columns, n=1):
            message = _("Unknown column. Did you mean %(column)s?") % {"column": close[0]}
        return Problem(message, 1, text[:QUOTED_CHARACTERS])

    def _parse(
        self, line: int, columns: Sequence[str], record: Sequence[str], problems: list[Problem]
    ) -> Row:
        row = Row(line)
        for column, raw in zip(columns, record, strict=True):
            if not column:
                continue
            text = ""
            try:
                text = clean(raw)
                if text:
                    row.cells[column] = self.columns[column].parse(text)
                elif column == self.key:
                    problems.append(Problem(self.blank_key, line, column))
            except ValidationError as error:
                row.broken |= {column}
                problems += [
                    Problem(self._quoted(text, message), line, column) for message in error.messages
                ]
        return row

    def _quoted(self, text: str, message: str) -> str:
        if self.is_confidential or not text:
            return message
        return f"“{Truncator(' '.join(text.split())).chars(QUOTED_CHARACTERS)}”: {message}"
