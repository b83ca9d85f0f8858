"""Text in tables that are opened in a spreadsheet program, which must never run what a stranger wrote as a formula.

OWASP, "CSV Injection": a cell that begins with one of a few characters is taken for a formula. Excel in French or
Spanish also splits a file of commas at its semicolons, so the same holds after every character that may end a cell.

`escape_formulas_in_exports` protects Wagtail's own exports, which escape neither cells of CSV files nor headings. It
changes Wagtail's one mixin for exports rather than each view, so that views added later are safe as well.
"""

import re
from collections.abc import Iterator
from functools import wraps
from typing import Any

from django.utils.functional import Promise
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.views.mixins import SpreadsheetExportMixin

# The characters that start a formula, with the full-width forms of East Asian keyboards.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Programs ignore blanks before a formula, and stray quotes that remain after a file is split at semicolons.
_FORMULA = r"(?:\"|[^\S\t\r\n])*[=+\-@＝＋－＠]"
_UNESCAPED = re.compile(rf"\A(?='*[\t\r\n])|(?:\A|(?<=[;\t\r\n]))(?='*{_FORMULA})")
_ESCAPED = re.compile(rf"\A'(?='*[\t\r\n])|(?:\A|(?<=[;\t\r\n]))'(?='*{_FORMULA})")


def escape_formulas(text: str) -> str:
    """Return `text` with an apostrophe before everything that a spreadsheet would run as a formula.

    An apostrophe before a formula gets another one, so that `unescape_formulas` restores the text exactly:
    `unescape_formulas(escape_formulas(text)) == text` for every text.
    """
    return _UNESCAPED.sub("'", text)


def unescape_formulas(text: str) -> str:
    """Undo `escape_formulas`. Other text, apostrophes included, is returned unchanged."""
    return _ESCAPED.sub("", text)


def _escape_values() -> None:
    original = SpreadsheetExportMixin.preprocess_field_value

    @wraps(original)
    def preprocess_field_value(
        view: SpreadsheetExportMixin, field: str, value: Any, export_format: str
    ) -> Any:
        value = original(view, field, value, export_format)
        if not isinstance(value, (str, Promise)):
            return value
        if export_format == view.FORMAT_CSV:
            return escape_formulas(str(value))
        # XML cannot hold them: openpyxl raises an error, so one such cell would stop the whole export.
        return ILLEGAL_CHARACTERS_RE.sub("", str(value))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value


def _escape_headings() -> None:
    original = SpreadsheetExportMixin.get_heading

    @wraps(original)
    def get_heading(view: SpreadsheetExportMixin, queryset: Any, field: str) -> str:
        return escape_formulas(original(view, queryset, field))

    SpreadsheetExportMixin.get_heading = get_heading


def _quote_cells() -> None:
    """Mark text in a workbook as text, so that it is not run as a formula when somebody edits its cell."""
    original = SpreadsheetExportMixin.generate_xlsx_row

    @wraps(original)
    def generate_xlsx_row(
        view: SpreadsheetExportMixin, worksheet: Any, row_dict: dict[str, Any], **kwargs: Any
    ) -> Iterator[Any]:
        for cell in original(view, worksheet, row_dict, **kwargs):
            if isinstance(cell.value, str) and escape_formulas(cell.value) != cell.value:
                cell.quotePrefix = True
            yield cell

    SpreadsheetExportMixin.generate_xlsx_row = generate_xlsx_row


def escape_formulas_in_exports() -> None:
    """Protect Wagtail's exports: reports, lists of records, messages from forms. Call once, when the apps are ready."""
    _escape_values()
    _escape_headings()
    _quote_cells()
