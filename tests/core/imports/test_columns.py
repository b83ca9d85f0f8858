"""Columns that parse, check and document themselves."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from core.imports.cells import Parser, code, day, line, link, one_of, some_of
from core.imports.columns import Column, Schema
from core.imports.problems import ImportRefusedError

SCHEMA = Schema(
    columns={
        "case": Column(code("[0-9]{4}", "four digits"), "Number of the case."),
        "issued": Column(day, "Date of issue.", attribute="issued_on"),
        "issued_source": Column(line(10)),
    },
    key="case",
    missing_key="There is no column case.",
    blank_key="The row has no case.",
    max_bytes=10_000,
    max_rows=3,
    refused={"closed": "Closed cases are not imported."},
)


def problems(text: str, schema: Schema = SCHEMA) -> list[str]:
    try:
        _rows, found = schema.read(text.encode())
    except ImportRefusedError as refusal:
        return [str(problem) for problem in refusal.problems]
    return [str(problem) for problem in found]


def test_rows_are_read_and_assigned() -> None:
    [row, blank], found = SCHEMA.read(b"Case,ISSUED\n0001,2020-02-01\n0002,\n")
    assert (row.line, row.cells["case"], found) == (2, "0001", [])
    warrant = SimpleNamespace(issued_on="before")
    SCHEMA.assign(blank, warrant)
    assert warrant.issued_on == "before", "a blank cell changes nothing"
    SCHEMA.assign(row, warrant)
    assert warrant.issued_on == row.cells["issued"]


def test_a_broken_cell_is_quoted_and_its_row_is_still_checked() -> None:
    text = "case,issued\n0001,1/2/2020\n,2020-02-01\n"
    [broken], _found = SCHEMA.read(text.encode())
    assert (broken.cells, broken.broken) == ({"case": "0001"}, frozenset({"issued"}))
    assert problems(text) == [
        "Line 2, issued: “1/2/2020”: This is not a date such as 2002-07-01: year, month, day.",
        "Line 3, case: The row has no case.",
    ]


def test_a_long_cell_is_quoted_in_part() -> None:
    [problem] = problems(f"case,issued_source\n0001,{'a' * 200}\n")
    assert len(problem) < 150


def test_no_cell_of_a_confidential_file_is_quoted() -> None:
    [problem] = problems("case,issued\n0001,secret\n", replace(SCHEMA, is_confidential=True))
    assert "secret" not in problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("issued\n2020-02-01\n", "There is no column case."),
        ("case,Closed\n0001,x\n", "Closed cases are not imported."),
        ("case\n0001\n0002\n0003\n0004\n", "Line 5: The file has more than 3 rows."),
        ("case,issued\n0001\n", "Line 2: The row has 1 cells; there are 2 headings."),
        ("case,isued\n0001,\n", "Did you mean issued?"),
        ("case,\n0001,\n", "Line 1: Column 2 has no heading."),
        (",".join(["case"] * 201), "more columns"),
    ],
)
def test_a_file_that_is_no_such_table_is_explained(text: str, words: str) -> None:
    assert words in problems(text)[0]


def test_only_columns_with_an_explanation_are_documented() -> None:
    assert list(SCHEMA.documented) == ["case", "issued"]


@pytest.mark.parametrize(
    ("parser", "text"),
    [
        (day, "2002-02-30"),
        (line(5), "a\nb"),
        (line(5), "abcdef"),
        (one_of(["a", "b"]), "c"),
        (some_of(["a", "b"]), "a;c"),
        (link, "javascript:alert(1)"),
        (link, f"https://example.org/{'a' * 200}"),
    ],
)
def test_a_parser_never_quotes_what_it_refuses(parser: Parser, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parser(text)
    assert text not in refusal.value.messages[0]


def test_values_of_a_mapping_are_looked_up() -> None:
    assert one_of({"mena": "middle-east"})("mena") == "middle-east"
    assert some_of(["a", "b"])("b | a; b") == ["b", "a"]
