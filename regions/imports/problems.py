"""What is wrong with a file, said to whoever made it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _


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


class RecordMovedOnError(Exception):
    """The record changed since the difference was shown. Nothing was written."""
