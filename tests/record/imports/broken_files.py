"""Makes files with one error each from a good one. The same seed gives the same file."""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from record.data import RECORD
from record.imports.columns import MAX_BYTES, MAX_ROWS

STATES = 12
FILES = 300


@dataclass
class Table:
    """The headings and rows of a good file, to be broken at random."""

    headings: list[str]
    rows: list[list[str]]
    chance: random.Random

    @classmethod
    def good(cls, number: int) -> "Table":
        with RECORD.open(encoding="utf-8", newline="") as file:
            headings, *rows = csv.reader(file)
        return cls(headings, rows[:STATES], random.Random(number))  # noqa: S311

    def content(self, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(
            [self.headings, *self.rows]
        )
        return text.getvalue().encode(encoding)

    def put(self, column: str, value: str, *, where: str = "") -> bytes:
        """Return the file with this value in a random row, which has a value in the column `where` if given."""
        rows = [row for row in self.rows if not where or row[self.headings.index(where)]]
        self.chance.choice(rows)[self.headings.index(column)] = value
        return self.content()

    def any_text_column(self) -> str:
        return self.chance.choice(["name_fr", "notes", "sources", "region", "signed_source"])

    def any_day_column(self) -> str:
        return self.chance.choice(["signed", "consent_date", "apic", "kampala_aggression"])


def _with_zero_byte(table: Table) -> bytes:
    content = table.content()
    place = table.chance.randrange(len(content))
    return content[:place] + b"\0" + content[place:]


def _as_workbook(table: Table) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", table.content())
    return file.getvalue()


def _truncated(table: Table) -> bytes:
    """Cut the file within the codes or names of a row, which leaves too few cells."""
    *lines, _ = table.content().decode().splitlines()
    last = table.chance.randrange(1, len(lines))
    cut = table.chance.randrange(3, 12)
    return "\n".join([*lines[:last], lines[last][:cut]]).encode()


def _quote_left_open(table: Table) -> bytes:
    content = table.put("notes", "said, and said")
    return content.replace(b'said"', b"said")


def _ragged(table: Table) -> bytes:
    row = table.chance.choice(table.rows)
    if table.chance.random() < 0.5:
        row.append("one too many")
    else:
        row.pop()
    return table.content()


def _row_twice(table: Table) -> bytes:
    table.rows.append(list(table.chance.choice(table.rows)))
    return table.content()


def _heading_twice(table: Table) -> bytes:
    table.headings[table.headings.index("notes")] = "sources"
    return table.content()


def _heading(table: Table, name: str) -> bytes:
    column = table.chance.choice([name for name in table.headings if name != "iso3"])
    table.headings[table.headings.index(column)] = name
    return table.content()


def _without_key(table: Table) -> bytes:
    table.headings[table.headings.index("iso3")] = "country"
    return table.content()


def _code_of_another(table: Table) -> bytes:
    column = table.chance.choice(["iso2", "m49"])
    first, second = table.chance.sample(table.rows, 2)
    first[table.headings.index(column)] = second[table.headings.index(column)]
    return table.content()


def _binary(table: Table) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + table.chance.randbytes(2000)


def _withdrawal_of_no_party(table: Table) -> bytes:
    parties = table.headings.index("consent_date")
    table.rows = [row for row in table.rows if not row[parties]]
    return table.put("withdrawal_notified", "2020-01-01")


def _stray(table: Table) -> bytes:
    signed = table.headings.index("signed")
    table.rows = [row for row in table.rows if not row[signed]]
    return table.put("signed_source", "Signed in New York")


def _day(table: Table, value: str) -> bytes:
    column = table.any_day_column()
    return table.put(column, value, where=column)


def _one(*values: str) -> Callable[[Table], str]:
    return lambda table: table.chance.choice(values)


_FORMULA = _one("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '=HYPERLINK("https://a.example")')
_BAD_DAY = _one(
    "2002-02-30", "01/02/2002", "2002-1-1", "2 July 2002", "٢٠٠٢-٠٧-٠١", "２００２-07-01"
)
_MARK = _one("\u202eabc", "a\u2066b", "\x07", "a\x0bb", "\x1b[31m", "a\u200bb")

# The ways to break a file, each with the place that the error names: the file, a line or a cell.
BREAKERS: dict[str, tuple[Callable[[Table], bytes], str]] = {
    "UTF-16 without its mark": (lambda t: t.content(encoding="utf-16-le"), "line"),
    "UTF-32": (lambda t: t.content(encoding="utf-32"), "file"),
    "Latin-1": (
        lambda t: t.put("name_fr", "Île") and t.content().replace("Î".encode(), b"\xce"),
        "line",
    ),
    "zero byte": (_with_zero_byte, "line"),
    "compressed": (lambda t: gzip.compress(t.content()), "file"),
    "workbook": (_as_workbook, "file"),
    "old workbook": (lambda t: b"\xd0\xcf\x11\xe0" + t.content(), "file"),
    "PDF": (lambda t: b"%PDF-1.7\n" + t.content(), "file"),
    "picture": (_binary, "line"),
    "nothing": (lambda t: b"", "file"),
    "blanks": (lambda t: b" \r\n" * 50, "file"),
    "headings alone": (lambda t: t.content().split(b"\n")[0], "file"),
    "bars": (lambda t: t.content(delimiter="|"), "line"),
    "too big": (lambda t: t.content() * (MAX_BYTES // len(t.content()) + 1), "file"),
    "too many rows": (
        lambda t: t.content() + b"\n".join([b"AFG" + b"," * (len(t.headings) - 1)] * MAX_ROWS),
        "line",
    ),
    "too many columns": (lambda t: b"iso3," + b",".join([b"abc"] * 500_000), "line"),
    "too many ragged rows": (lambda t: t.content() + b"a\n" * 100_000, "line"),
    "truncated": (_truncated, "line"),
    "quote left open": (_quote_left_open, "line"),
    "ragged": (_ragged, "line"),
    "row twice": (_row_twice, "cell"),
    "heading twice": (_heading_twice, "cell"),
    "heading unknown": (lambda t: _heading(t, "ratified_on"), "cell"),
    "heading blank": (lambda t: _heading(t, " "), "line"),
    "no column for the state": (_without_key, "line"),
    "no state in the row": (lambda t: t.put("iso3", ""), "cell"),
    "no such state": (lambda t: t.put("iso3", "ZZZ"), "cell"),
    "code in small letters": (lambda t: t.put("iso3", "afg"), "cell"),
    "code of another state": (_code_of_another, "cell"),
    "formula": (lambda t: t.put(t.any_text_column(), _FORMULA(t)), "cell"),
    "hidden mark": (lambda t: t.put(t.any_text_column(), _MARK(t)), "cell"),
    "huge cell": (lambda t: t.put("notes", "a" * 140_000), "line"),
    "long name": (lambda t: t.put("name_es", "a" * 81), "cell"),
    "two lines in a name": (lambda t: t.put("name_fr", "Îles\nCook"), "cell"),
    "day": (lambda t: _day(t, _BAD_DAY(t)), "cell"),
    "day to come": (lambda t: _day(t, "2999-01-01"), "cell"),
    "day before the Statute": (lambda t: _day(t, "1990-01-01"), "cell"),
    "signed too late": (lambda t: t.put("signed", "2001-01-01", where="signed"), "cell"),
    "not the day of article 126": (
        lambda t: t.put("in_force", "2002-07-02", where="in_force"),
        "cell",
    ),
    "withdrawal of a state that is no party": (_withdrawal_of_no_party, "cell"),
    "region": (lambda t: t.put("region", "Europa"), "cell"),
    "group": (lambda t: t.put("un_regional_group", "Western"), "cell"),
    "kind of consent": (lambda t: t.put("consent_kind", "agreed", where="consent_kind"), "cell"),
    "word for a law": (lambda t: t.put("cooperation_law", "yes"), "cell"),
    "certainty": (lambda t: t.put("signed_certainty", "sure", where="signed"), "cell"),
    "more of an entry that is not given": (_stray, "cell"),
}


def broken_files() -> list[tuple[str, str, bytes]]:
    """Yield the way in which each file is broken, the place that the error names, and the file."""
    files = []
    names = list(BREAKERS)
    for number in range(FILES):
        name = names[number % len(names)]
        make, place = BREAKERS[name]
        files.append((name, place, make(Table.good(number))))
    return files
