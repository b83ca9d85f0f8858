"""The mistakes of a file, and the errors that stop an import."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1, the row of headings; None where the mistake concerns the whole file."""

    message: str | Promise
    line: int | None = None
    column: str = ""

    @property
    def place(self) -> str:
        """Describe where in the file it is."""
        if self.line is None:
            return _("The file")
        if not self.column:
            return _("Line %(line)d") % {"line": self.line}
        return _("Line %(line)d, %(column)s") % {"line": self.line, "column": self.column}

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ImportRefusedError(Exception):
    """The file has mistakes; `problems` lists all that were found, in the order of the file. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)


class ImportOutdatedError(Exception):
    """The data changed since the difference was shown. Nothing was written."""


class ImportGoneError(Exception):
    """The upload is not waiting any more: it was applied or discarded, or it expired."""


def refusal(message: str | Promise, line: int | None = None) -> ImportRefusedError:
    """Return the error to raise where the file cannot be read any further."""
    return ImportRefusedError([Problem(message, line)])
