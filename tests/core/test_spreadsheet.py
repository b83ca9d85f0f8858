"""Text that spreadsheets display but never compute, and can be converted back."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.spreadsheet import escape_formulas, unescape_formulas

BLANKS = " \u00a0"
STARTS = "=+-@＝＋－＠"
text_of_cells = st.text(
    st.sampled_from("a'=+-@;,\t\r\n \"|＝") | st.characters(codec="utf-8"), max_size=40
)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("+33 1 23", "'+33 1 23"),
        ("\t=1", "'\t'=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
        ("Our wishes:\n- justice", "Our wishes:\n'- justice"),
    ],
)
def test_formulas_get_an_apostrophe(text: str, escaped: str) -> None:
    assert escape_formulas(text) == escaped
    assert unescape_formulas(escaped) == text


@pytest.mark.parametrize(
    "text", ["", "Ana", "a=b", "O'Neill", "'quoted'", "1-2", "ana@example.org"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert escape_formulas(text) == unescape_formulas(text) == text


@given(text_of_cells)
@example("\n\n=x")
@example("''\t=x")
@example(";';=")
def test_unescaping_restores_the_text(text: str) -> None:
    assert unescape_formulas(escape_formulas(text)) == text
    assert unescape_formulas(escape_formulas(escape_formulas(text))) == escape_formulas(text)


def cells(line: str) -> Iterator[str]:
    """Split a CSV file into cells as spreadsheets may: at commas, semicolons or tabs."""
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
            yield from row


@given(st.lists(text_of_cells, min_size=1, max_size=3))
@example(["x;=1", "a"])
@example(['",=1', "b"])
@example(["b", 'a;"=1;x'])
def test_no_cell_begins_a_formula_however_the_file_is_split(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(escape_formulas(text) for text in texts)
    for cell in cells(file.getvalue()):
        assert not cell.lstrip(BLANKS).startswith(tuple(STARTS))
