"""The record holds what the file says, however rows and columns are ordered. Examples are random."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from record.imports import apply_import, plan_import
from record.models import Country, ImplementingLaw, TreatyAction
from record.treaty_rules import day_of_effect

from .files import table
from .test_import import TODAY

pytestmark = pytest.mark.django_db

CODES = [("KE", "KEN", "404"), ("UG", "UGA", "800"), ("TZ", "TZA", "834"), ("NE", "NER", "562")]
LAWS = ["enacted", "partial", "draft", "none", "unknown", ""]
words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)
few = settings(max_examples=25)  # Each example writes into the database.


@st.composite
def rows(draw: Any) -> list[dict[str, str]]:
    """Generate rows of states that follow the rules."""
    chosen = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    return [_row(draw, codes) for codes in chosen]


def _row(draw: Any, codes: tuple[str, str, str]) -> dict[str, str]:
    row = dict(zip(("iso2", "iso3", "m49"), codes, strict=True))
    row |= {"region": draw(st.sampled_from(["africa", "mena"])), "sources": draw(words)}
    row |= {"notes": draw(words | st.just("")), "cooperation_law": draw(st.sampled_from(LAWS))}
    signed = draw(st.none() | st.dates(date(1998, 7, 17), date(2000, 12, 31)))
    if signed:
        row["signed"] = signed.isoformat()
    if draw(st.booleans()):
        earliest = (signed or date(1998, 7, 17)) + timedelta(days=1)
        row |= _membership(draw, draw(st.dates(earliest, date(2015, 1, 1))), bool(signed))
    return row


def _membership(draw: Any, deposit: date, signed: bool) -> dict[str, str]:
    kind = draw(st.sampled_from(["ratification", "acceptance"])) if signed else "accession"
    in_force = day_of_effect("rome-statute", kind, deposit)
    assert in_force is not None
    cells = {"consent_date": deposit.isoformat(), "consent_kind": kind}
    cells["in_force"] = draw(st.sampled_from(["", in_force.isoformat()]))
    if draw(st.booleans()):
        notice = draw(st.dates(in_force, date(2025, 1, 1)))
        cells["withdrawal_notified"] = notice.isoformat()
        if draw(st.booleans()):
            back = draw(st.dates(notice, notice + timedelta(days=300)))
            cells["withdrawal_notice_revoked"] = back.isoformat()
    return cells


def load(*made: dict[str, str]) -> None:
    apply_import(content=table(*made), name="states.csv", today=TODAY)


def held() -> list[Any]:
    """Return the record without its primary keys."""
    states = Country.objects.order_by("iso3").values_list("iso3", "region", "note", "sources")
    papers = TreatyAction.objects.order_by("country__iso3", "date", "action")
    laws = ImplementingLaw.objects.order_by("country__iso3", "kind")
    return [
        *states,
        *papers.values_list("country__iso3", "action", "date", "takes_effect_on", "source"),
        *laws.values_list("country__iso3", "kind", "stage", "coverage", "source"),
    ]


@contextmanager
def empty_record() -> Iterator[None]:
    """An empty record before and after each example."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def parts(made: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Generate cells that a later file may hold: all but the codes."""
    for row in made:
        yield {name: cell for name, cell in row.items() if name not in {"iso2", "m49", "region"}}


@few
@given(rows())
def test_the_record_agrees_with_the_file(made: list[dict[str, str]]) -> None:
    with empty_record():
        load(*made)
        for row in made:
            country = Country.objects.as_of(TODAY).get(iso3=row["iso3"])
            assert (str(country.signed_on or ""), country.note) == (
                row.get("signed", ""),
                row["notes"],
            )
            said = {row[name] for name in row if name in {"consent_date", "withdrawal_notified"}}
            papers = country.treaty_actions.exclude(action="signature")
            assert said <= {paper.date.isoformat() for paper in papers}


@few
@given(rows())
def test_a_second_time_changes_nothing(made: list[dict[str, str]]) -> None:
    with empty_record():
        load(*made)
        assert plan_import(content=table(*made), today=TODAY).differences == ()
        assert plan_import(content=table(*parts(made)), today=TODAY).differences == ()


@few
@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(
    made: list[dict[str, str]], chance: random.Random
) -> None:
    with empty_record():
        load(*made)
        expected = held()
    turned = [dict(chance.sample(list(row.items()), len(row))) for row in made]
    chance.shuffle(turned)
    with empty_record():
        load(*turned)
        assert held() == expected


@few
@given(rows())
def test_two_files_with_half_of_the_columns_say_as_much_as_one(made: list[dict[str, str]]) -> None:
    with empty_record():
        load(*made)
        expected = held()
    first = {"iso2", "iso3", "m49", "region", "sources", "signed"}
    with empty_record():
        load(*({name: row[name] for name in row if name in first} for row in made))
        load(
            *(
                {name: row[name] for name in row if name not in first or name == "iso3"}
                for row in made
            )
        )
        assert held() == expected
