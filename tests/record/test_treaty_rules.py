"""The rules of the treaties: days of effect, and impossible sequences of acts."""

import datetime as dt
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.choices import Action, Treaty
from record.treaty_rules import day_of_effect, entry_into_force, one_year_after, violations

TODAY = date(2026, 11, 22)
days = st.dates(date(1998, 7, 17), date(2040, 12, 31))


@dataclass
class Act:
    action: str
    date: dt.date
    treaty: str = Treaty.ROME_STATUTE
    effect_override: dt.date | None = None


@pytest.mark.parametrize(
    ("deposited", "in_force"),
    [
        ("1999-02-02", "2002-07-01"),  # Senegal, the first
        ("2002-04-11", "2002-07-01"),  # the day of the sixtieth
        ("2002-05-02", "2002-08-01"),
        ("2002-07-01", "2002-09-01"),  # Australia
        ("2004-09-21", "2004-12-01"),  # Burundi
        ("2006-11-01", "2007-01-01"),  # Chad
        ("2011-12-31", "2012-03-01"),  # sixty days later is 29 February
        ("2015-01-02", "2015-04-01"),  # Palestine
        ("2024-10-25", "2025-01-01"),  # Ukraine
    ],
)
def test_the_statute_binds_from_the_first_of_a_month(deposited: str, in_force: str) -> None:
    day = entry_into_force(Treaty.ROME_STATUTE, date.fromisoformat(deposited))
    assert day == date.fromisoformat(in_force)


@given(days)
def test_article_126_waits_at_least_sixty_days_and_at_most_to_the_month_after(day: date) -> None:
    in_force = entry_into_force(Treaty.ROME_STATUTE, day)
    assert in_force is not None
    assert in_force.day == 1
    assert in_force > day + timedelta(days=60)
    if in_force > date(2002, 7, 1):
        assert in_force - (day + timedelta(days=60)) <= timedelta(days=31)


@given(days, st.sampled_from(sorted(Treaty)))
def test_no_treaty_binds_before_its_instrument(day: date, treaty: Treaty) -> None:
    in_force = entry_into_force(treaty, day)
    assert in_force is None or in_force > day


@given(days)
def test_later_deposits_never_bind_earlier(day: date) -> None:
    for treaty in Treaty:
        one, other = (entry_into_force(treaty, d) for d in (day, day + timedelta(days=1)))
        assert one is None or other is None or one <= other


@given(days)
def test_a_year_is_365_or_366_days(day: date) -> None:
    assert one_year_after(day) - day in {timedelta(days=365), timedelta(days=366)}


@given(days)
def test_a_withdrawal_has_effect_a_year_later(day: date) -> None:
    effect = day_of_effect(Treaty.ROME_STATUTE, Action.WITHDRAWAL_NOTICE, day)
    assert effect == one_year_after(day)


def test_the_agreement_on_privileges_binds_after_thirty_days() -> None:
    assert entry_into_force(Treaty.APIC, date(2003, 1, 1)) == date(2004, 7, 22)
    assert entry_into_force(Treaty.APIC, date(2006, 8, 2)) == date(2006, 9, 1)


def test_a_treaty_that_depends_on_other_states_has_no_day() -> None:
    assert entry_into_force(Treaty.ART124_2015, date(2018, 1, 1)) is None


SIGNED = Act(Action.SIGNATURE, date(1999, 1, 1))
RATIFIED = Act(Action.RATIFICATION, date(2003, 1, 1))
LEAVING = Act(Action.WITHDRAWAL_NOTICE, date(2016, 10, 27))


@pytest.mark.parametrize(
    ("acts", "rules"),
    [
        ([SIGNED, RATIFIED], []),
        ([SIGNED, RATIFIED, LEAVING], []),
        ([SIGNED, RATIFIED, LEAVING, Act(Action.WITHDRAWAL_NOTICE_REVOKED, date(2017, 3, 7))], []),
        ([SIGNED, RATIFIED, LEAVING, Act(Action.ACCESSION, date(2020, 1, 1))], ["accession_by_signatory"]),
        ([Act(Action.ACCESSION, date(2019, 3, 4)), Act(Action.INSTRUMENT_WITHDRAWN, date(2019, 4, 29))], []),
        ([Act(Action.SUCCESSION, date(2006, 10, 23), effect_override=date(2006, 6, 3))], []),
        ([Act(Action.SIGNATURE, date(2000, 12, 31)), Act(Action.DECLARATION, date(2002, 5, 6))], []),
        ([Act(Action.SIGNATURE, date(1998, 7, 17)), Act(Action.RATIFICATION, date(1998, 7, 17))], []),
        ([RATIFIED], ["ratification_without_signature"]),
        ([Act(Action.SIGNATURE, date(2000, 1, 1)), Act(Action.RATIFICATION, date(1999, 9, 9))],
         ["ratification_before_signature", "signature_after_consent"]),
        ([SIGNED, RATIFIED, Act(Action.APPROVAL, date(2004, 1, 1))], ["consent_twice"]),
        ([SIGNED, Act(Action.ACCESSION, date(2003, 1, 1))], ["accession_by_signatory"]),
        ([Act(Action.SIGNATURE, date(2001, 1, 1))], ["signature_closed"]),
        ([SIGNED, Act(Action.SIGNATURE, date(2000, 1, 1))], ["signed_twice"]),
        ([Act(Action.ACCESSION, date(2026, 11, 23))], ["future"]),
        ([Act(Action.SIGNATURE, date(1998, 7, 16))], ["before_adoption"]),
        ([SIGNED, LEAVING], ["withdrawal_by_non_party"]),
        ([Act(Action.ACCESSION, date(2016, 10, 1)), LEAVING], ["withdrawal_by_non_party"]),
        ([SIGNED, RATIFIED, LEAVING, Act(Action.WITHDRAWAL_NOTICE, date(2016, 11, 1))], ["notice_twice"]),
        ([SIGNED, RATIFIED, Act(Action.WITHDRAWAL_NOTICE, date(2016, 10, 27), effect_override=date(2017, 10, 26))],
         ["withdrawal_within_a_year"]),
        ([SIGNED, RATIFIED, Act(Action.WITHDRAWAL_NOTICE_REVOKED, date(2017, 3, 7))], ["no_notice_to_revoke"]),
        ([SIGNED, RATIFIED, LEAVING, Act(Action.WITHDRAWAL_NOTICE_REVOKED, date(2017, 10, 27))],
         ["no_notice_to_revoke"]),
        ([SIGNED, RATIFIED, Act(Action.INSTRUMENT_WITHDRAWN, date(2004, 1, 1))], ["no_instrument_to_withdraw"]),
        ([SIGNED, Act(Action.RATIFICATION, date(2003, 1, 1), effect_override=date(2002, 12, 31))],
         ["effect_before_deposit"]),
        ([Act(Action.SUCCESSION, date(2006, 10, 23))], ["succession_without_day"]),
        ([SIGNED, RATIFIED, Act(Action.DECLARATION, date(2010, 1, 1))], ["declaration_by_party"]),
        ([Act(Action.CONSENT, date(2015, 1, 1), treaty=Treaty.AGGRESSION_2010)], ["amendment_without_statute"]),
        ([Act(Action.SIGNATURE, date(2015, 1, 1), treaty=Treaty.AGGRESSION_2010)], ["no_signature"]),
    ],
)  # fmt: skip
def test_an_action_that_breaks_a_rule_names_the_rule(acts: list[Act], rules: list[str]) -> None:
    assert sorted(v.rule for v in violations(acts, today=TODAY)) == sorted(rules)


def test_all_rules_broken_are_reported_at_once() -> None:
    acts = [
        Act(Action.SIGNATURE, date(2001, 1, 1)),
        Act(Action.ACCESSION, date(2030, 1, 1)),
    ]
    assert {v.rule for v in violations(acts, today=TODAY)} == {
        "signature_closed",
        "future",
        "accession_by_signatory",
    }
