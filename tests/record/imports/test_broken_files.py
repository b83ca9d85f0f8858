"""A broken file changes nothing and is explained, in the admin and by the command."""

from collections import Counter
from collections.abc import Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.imports.problems import ImportRefusedError, Problem
from record.imports import apply_import
from record.imports.columns import MAX_BYTES, SCHEMA

from .broken_files import BREAKERS, FILES, Table, broken_files
from .files import record
from .test_import import TODAY

UPLOAD = "/admin/record/import/"


@pytest.fixture
def some_states(db: None) -> None:
    apply_import(content=Table.good(0).content(), name="good.csv", today=TODAY)


def assert_explained(problems: Sequence[Problem], name: str, exactness: str) -> None:
    assert problems, name
    assert all(str(problem.message).strip() for problem in problems), name
    if exactness != "file":
        assert any(problem.line for problem in problems), name
    if exactness == "cell":
        assert any(problem.line and problem.column for problem in problems), name


@pytest.mark.usefixtures("some_states")
def test_300_broken_files_change_nothing_and_are_explained(staff_client: Client) -> None:
    """The first of each kind in the admin, where an upload costs most, the others by what the admin calls."""
    before = record()
    seen: Counter[str] = Counter()
    for name, exactness, content in broken_files():
        if name in seen:
            with pytest.raises(ImportRefusedError) as refusal:
                apply_import(content=content, name="broken.csv", today=TODAY)
            assert_explained(refusal.value.problems, name, exactness)
        else:
            file = SimpleUploadedFile("broken.csv", content)
            response = staff_client.post(UPLOAD, {"file": file})
            assert response.status_code == 200, name
            assert_explained(response.context["problems"], name, exactness)
        seen[name] += 1
    assert record() == before
    assert seen.total() == FILES == 300
    assert seen.keys() == BREAKERS.keys()


@pytest.mark.usefixtures("some_states")
def test_a_file_of_50_mb_is_refused_by_its_size(staff_client: Client) -> None:
    before = record()
    content = Table.good(0).content()
    file = SimpleUploadedFile("big.csv", content * (50 * 1024**2 // len(content)))
    response = staff_client.post(UPLOAD, {"file": file})
    assert "more than 2 MB" in response.content.decode()
    assert record() == before


@pytest.mark.usefixtures("some_states")
def test_all_mistakes_are_reported_at_once() -> None:
    before = record()
    table = Table.good(0)
    for row, (column, value) in zip(
        table.rows,
        [
            ("region", "Europa"),
            ("signed", "2002-02-30"),
            ("name_fr", "=1"),
            ("cooperation_law", "yes"),
        ],
        strict=False,
    ):
        row[table.headings.index(column)] = value
    table.rows[5].append("ragged")
    table.headings[table.headings.index("notes")] = "remarks"
    with pytest.raises(ImportRefusedError) as refusal:
        apply_import(content=table.content(), name="x.csv", today=TODAY)
    places = [(problem.line, problem.column) for problem in refusal.value.problems]
    assert places == [
        (1, "remarks"),
        (2, "region"),
        (3, "signed"),
        (4, "name_fr"),
        (5, "cooperation_law"),
        (7, ""),
    ]
    assert record() == before


@pytest.mark.usefixtures("some_states")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_saved_by_spreadsheets_are_read(newline: str, mark: bytes) -> None:
    content = mark + Table.good(0).content().replace(b"\n", newline.encode())
    assert apply_import(content=content, name="x.csv", today=TODAY).differences == ()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (
            "in_force",
            "2003-05-02",
            "Under article 126, a deposit of 2003-02-10 takes effect on 2003-05-01",
        ),
        ("signed", "2000-12-31", "A signatory ratifies; it does not accede"),
        ("withdrawal_notified", "2003-03-01", "Only a party can withdraw (art. 127)"),
    ],
)
@pytest.mark.usefixtures("some_states")
def test_the_violated_rule_is_named(column: str, value: str, words: str) -> None:
    """Afghanistan acceded on 10 February 2003."""
    table = Table.good(0)
    table.rows = table.rows[:1]
    table.put(column, value)
    with pytest.raises(ImportRefusedError) as refusal:
        apply_import(content=table.content(), name="x.csv", today=TODAY)
    assert any(words in str(problem) for problem in refusal.value.problems)


@pytest.mark.usefixtures("some_states")
def test_a_withdrawal_takes_effect_a_year_later() -> None:
    table = Table.good(0)
    table.rows = table.rows[:1]
    table.put("withdrawal_notified", "2026-01-15")
    table.put("withdrawal_effective", "2027-01-14")
    with pytest.raises(ImportRefusedError, match="1 problem") as refusal:
        apply_import(content=table.content(), name="x.csv", today=TODAY)
    [problem] = refusal.value.problems
    assert "Under article 127, a notice of 2026-01-15 takes effect on 2027-01-15." in str(problem)


@pytest.mark.usefixtures("some_states")
def test_a_status_that_the_days_do_not_give_is_refused() -> None:
    content = b"iso3,status\nAFG,signatory\n"
    with pytest.raises(ImportRefusedError) as refusal:
        apply_import(content=content, name="x.csv", today=TODAY)
    assert "By its treaty actions the state is state_party on 2026-11-22." in str(
        refusal.value.problems[0]
    )


def problems_of(content: bytes) -> list[Problem]:
    try:
        return SCHEMA.read(content)[1]
    except ImportRefusedError as refusal:
        return list(refusal.problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Random bytes have no column iso3."""
    assert problems_of(content)


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_any_cells_are_read_or_refused(cells: list[str]) -> None:
    text = ",".join(["AFG", *cells])
    for problem in problems_of(f"iso3,signed,notes\n{text}".encode("utf-8", "surrogatepass")):
        assert str(problem)


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t1", "\r1", "\r\n=1", "＝1", " =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    [problem] = problems_of(f'iso3,notes\nAFG,"{cell}"\n'.encode())
    assert (problem.line, problem.column) == (2, "notes")
    assert "formula" in str(problem)


def test_the_limit_is_what_the_form_says() -> None:
    assert MAX_BYTES == 2 * 1024**2
