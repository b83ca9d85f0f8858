"""Makes every table that Wagtail exports safe to open: reports, lists of records, messages from forms.

Wagtail writes text into CSV files as it is, and the headings of both kinds of file too. Its one mixin for exports is
changed here, rather than each view, so that a view that is added later is safe as well.
"""

from collections.abc import Iterator
from functools import wraps
from typing import Any

from django.utils.functional import Promise
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from .spreadsheet import escape_formulas


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
        # XML has no place for them: openpyxl raises an error, and one message would stop the whole export.
        return ILLEGAL_CHARACTERS_RE.sub("", str(value))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value


def _escape_headings() -> None:
    original = SpreadsheetExportMixin.get_heading

    @wraps(original)
    def get_heading(view: SpreadsheetExportMixin, queryset: Any, field: str) -> str:
        return escape_formulas(original(view, queryset, field))

    SpreadsheetExportMixin.get_heading = get_heading


def _quote_cells() -> None:
    """Mark text in a workbook as text, so that it isn't computed either once somebody edits its cell."""
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
    """Guard Wagtail's exports. To be called once, when the apps are ready."""
    _escape_values()
    _escape_headings()
    _quote_cells()
