"""Files in the formats of various programs, read into the same cells."""

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.columns import Column, Schema
from core.imports.problems import ImportRefusedError
from core.imports.reading import clean, decode, fold, read_records
from core.spreadsheet import escape_formulas

ROWS = [["email", "regions"], ["ana@example.org", "africa; europe"], ["omar@example.org", ""]]
SCHEMA = Schema(
    columns={"email": Column(str), "regions": Column(str)},
    key="email",
    missing_key="no email",
    blank_key="blank email",
    max_bytes=10_000,
    max_rows=100,
    aliases={"e_mail": "email"},
    ignored={"name", "tags"},
)


def written(delimiter: str = ",", *, before: str = "") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(ROWS)
    return before + text.getvalue()


def read(content: bytes) -> list[tuple[int, list[str]]]:
    return list(read_records(decode(content, max_bytes=10_000)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("sep", [False, True])
def test_every_way_to_save_a_table_gives_the_same_rows(
    encoding: str, delimiter: str, sep: bool
) -> None:
    before = f"sep={delimiter}\r\n" if sep else ""
    lines = [2, 3, 4] if sep else [1, 2, 3]
    content = written(delimiter, before=before).encode(encoding)
    assert read(content) == list(zip(lines, ROWS, strict=True))


def test_utf_16_of_either_order_is_read() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert [row for _line, row in read(mark + written("\t").encode(encoding))] == ROWS


@pytest.mark.parametrize(
    "first",
    ['"sep=;"', "SEP=;", "sep=;;;;", "sep=;\r", "sep=|"],
    ids=["q", "cap", "more", "cr", "bar"],
)
def test_the_line_that_names_the_separator_is_no_row(first: str) -> None:
    delimiter = first.strip('"\r').casefold()[4]
    content = written(delimiter, before=f"{first}\n").encode()
    assert [row for _line, row in read(content)] == ROWS


def test_separators_in_the_rows_do_not_decide() -> None:
    assert read(b"email,note\na@example.org,one; two; three; four\n")[1][1] == [
        "a@example.org",
        "one; two; three; four",
    ]
    assert read(b'email;"note, and more, and more"\na@example.org;x\n')[1][1][1] == "x"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("email".encode("utf-32"), "UTF-32"),
        (b"\xff\xfee", "not in UTF-8"),
        ("\ufeffem\0ail".encode("utf-16-le"), "zero byte"),
        ("email\n".encode("utf-16-le"), "zero byte"),
        (b"sep=;\n\xff", "not in UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_reported(content: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        read(content)
    assert words in str(refused.value.problems[0])


@pytest.mark.parametrize(
    "heading", ["Email", "E-mail", " e mail ", "EMAIL", "Ｅｍａｉｌ", "e_mail"]
)
def test_headings_may_be_written_loosely(heading: str) -> None:
    columns, problems = SCHEMA.match([heading, "REGIONS", "Name"])
    assert (columns, problems) == (["email", "regions", ""], [])


def test_headings_with_the_same_meaning_are_kept_once() -> None:
    _columns, [problem] = SCHEMA.match(["email", "E-mail"])
    assert "appears twice" in str(problem)


def test_an_unknown_heading_is_a_mistake_with_a_guess() -> None:
    _columns, [problem] = SCHEMA.match(["email", "Region s"])
    assert "Did you mean regions?" in str(problem)


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_no_heading_and_no_text_breaks_the_reading(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    with contextlib.suppress(ImportRefusedError):
        list(read_records(text))


@given(
    st.text(
        st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\u3000\xa0"),
        max_size=60,
    )
)
@settings(max_examples=300)
def test_text_comes_back_from_our_exports_as_it_was(text: str) -> None:
    """A cell that begins like a formula is exported with an apostrophe, which is not part of the text."""
    assert clean(escape_formulas(text)) == clean_of_plain(text)


def clean_of_plain(text: str) -> str:
    """Return the cleaned text; a letter before it, removed afterwards, ensures that it is no formula."""
    return clean(f"x{text}").removeprefix("x").strip()


@pytest.mark.parametrize(
    "text", ["-5 percent", "+32 2 123", "=1+1", "@home", "'quoted", "a\n-b; -c"]
)
def test_honest_text_that_looks_like_a_formula_comes_back(text: str) -> None:
    assert clean(escape_formulas(text)) == text
