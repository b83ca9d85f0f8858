"""Read CSV files as people save them: encodings, separators, headings and cells."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheet import FORMULA_STARTS, unescape_formulas

from .problems import refusal

# Formats that other programs save, by their first bytes.
OTHER_FORMATS = {
    codecs.BOM_UTF32_LE: gettext_lazy("The file is in UTF-32. Save it as CSV in UTF-8."),
    codecs.BOM_UTF32_BE: gettext_lazy("The file is in UTF-32. Save it as CSV in UTF-8."),
    b"PK\x03\x04": gettext_lazy("The file is a spreadsheet workbook. Save it as CSV in UTF-8."),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "The file is an old Excel workbook. Save it as CSV in UTF-8."
    ),
    b"%PDF": gettext_lazy("The file is a PDF. A CSV file in UTF-8 is needed."),
    b"\x1f\x8b": gettext_lazy("The file is compressed. Unpack it first."),
}
# Some scripts need these joiners; other invisible characters only disguise a text.
JOINERS = "\u200c\u200d"
# Commas; semicolons, where the decimal sign is a comma; tabs, in Excel's Unicode text.
DELIMITERS = ",;\t"
# The line before the headings in which Excel names the separator.
_SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t|])\"?[,;\t|]*\r?(?:\n|\Z)", re.IGNORECASE)


def decode(content: bytes, *, max_bytes: int) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark.

    Raises `ImportRefusedError` for anything else, and for files of more than `max_bytes`.
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
        raise refusal(_("The file is not text: it holds a zero byte."), line)
    return text


def read_records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line on which it begins.

    The separator is the one that a line `sep=;` names; otherwise whichever of comma, semicolon and tab is most frequent
    in the headings. Raises `ImportRefusedError` where a record cannot be parsed.
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
            message = _("The table cannot be read beyond this point: %(error)s.") % {"error": error}
            raise refusal(message, line) from None
        if any(cell.strip() for cell in record):
            yield line, record


def _delimiter_of(text: str) -> str:
    headings = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(DELIMITERS, key=headings.count)


def fold(heading: str) -> str:
    """Return a heading in the form in which headings are compared: `E-mail address` as `e_mail_address`."""
    return re.sub(r"\W+", "_", unicodedata.normalize("NFKC", heading).casefold()).strip("_")


def clean(raw: str) -> str:
    """Return the text of a cell without surrounding blanks and without the apostrophes that our exports add.

    Raises `ValidationError` for invisible characters and for formulas: unless it is escaped as in our exports, a
    spreadsheet may have computed it already.
    """
    if raw.startswith(FORMULA_STARTS) or raw.strip().startswith(FORMULA_STARTS):
        raise ValidationError(
            _("A cell may not start with =, +, - or @: spreadsheets would run it as a formula.")
        )
    text = unicodedata.normalize("NFC", unescape_formulas(raw).replace("\r\n", "\n").strip())
    if text.isprintable():
        return text
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cf"} and letter not in f"\n{JOINERS}":
            raise ValidationError(
                _("The cell contains an invisible character (%(code)s)."),
                params={"code": f"U+{ord(letter):04X}"},
            )
    return text
