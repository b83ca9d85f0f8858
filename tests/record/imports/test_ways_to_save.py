"""Files are read in the formats in which spreadsheets save them."""

import pytest

from core.spreadsheet import escape_formulas
from record.imports.columns import SCHEMA

from .broken_files import Table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_way_to_save_the_record_gives_the_same_rows(encoding: str, delimiter: str) -> None:
    table = Table.good(1)
    rows, problems = SCHEMA.read(table.content())
    assert (bool(rows), problems) == (True, [])
    table.headings = [heading.replace("_", " ").upper() for heading in table.headings]
    content = f"sep={delimiter}\n{table.content(delimiter).decode()}".encode(encoding)
    found, problems = SCHEMA.read(content)
    assert problems == []
    assert [row.cells for row in found] == [row.cells for row in rows]
    assert [row.line for row in found] == [row.line + 1 for row in rows]


def test_a_note_that_looks_like_a_formula_comes_back_from_our_export() -> None:
    table = Table.good(1)
    note = "-5 per cent; +2 in all"
    rows, problems = SCHEMA.read(table.put("notes", escape_formulas(note)))
    assert problems == []
    assert note in [row.cells.get("notes") for row in rows]
