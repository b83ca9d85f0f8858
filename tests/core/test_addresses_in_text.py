"""Finding and removing an address in text that people wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.personal_data.addresses import (
    REMOVED,
    holds_any_address,
    is_address,
    mentions,
    without_address,
)

ANA = "ana@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org",
        "Write to Ana@Example.ORG.",
        "Ana <ana@example.org>, please",
        "mailto:ana@example.org?subject=x",
        "(ana@example.org)\nThanks",
    ],
)
def test_the_address_is_found_and_removed(text: str) -> None:
    assert mentions(text, ANA)
    assert not mentions(without_address(text, ANA), ANA)
    assert REMOVED in without_address(text, ANA)


@pytest.mark.parametrize(
    "text",
    ["joana@example.org", "x.ana@example.org", "ana@example.organic", "ana@example.org.uk", "ana"],
)
def test_another_address_stays(text: str) -> None:
    assert not mentions(text, ANA)
    assert without_address(text, ANA) == text


def test_a_domain_is_found_as_people_write_it() -> None:
    kept = "ana@xn--fa-hia.de"
    assert mentions("Schreibt an ana@faß.de!", kept)
    assert not mentions("Schreibt an ana@fass.de!", kept)
    assert is_address(" Ana@Faß.de ", kept)
    assert without_address("ana@xn--fa-hia.de, ana@faß.de", kept) == f"{REMOVED}, {REMOVED}"


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_trace_of_the_address_is_left_in_any_field(before: str, after: str) -> None:
    text = f"{before} {ANA} {after}"
    assert not mentions(without_address(text, ANA), ANA)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Asked by ana@example.org", True),
        ("Asked by <ana@faß.de>", True),
        ("Asked by mail on 3 March", False),
        ("Asked @ the Assembly", False),
    ],
)
def test_a_text_that_is_kept_for_ever_is_searched_for_any_address(text: str, holds: bool) -> None:
    assert holds_any_address(text) is holds
