"""The changes in a report, since the report of the year before or since a year before."""

import datetime as dt

import pytest

from record.choices import Action, LawStage, Region
from record.models import Country, ImplementingLaw
from tests.factories import ImplementingLawFactory, TreatyActionFactory
from tracker.models import YearlyReport
from tracker.reports.contents import Contents
from tracker.reports.services import freeze
from tracker.reports.snapshot import take_snapshot

from .factories import DAY, YearlyReportFactory


def contents(report: YearlyReport) -> Contents:
    return Contents(report.record.data, language="en")


def told(report: YearlyReport) -> dict[str, list[str]]:
    return {entry.heading: entry.entries for entry in contents(report).happenings}


class TestSinceAYearBefore:
    """No report of 2023 is frozen, so the comparison is with the record of a year before."""

    def test_the_actions_of_the_year_are_reported(self, report: YearlyReport) -> None:
        assert told(report) == {
            "Deposited an instrument of ratification or accession": [
                "Benin: 15 January 2024, with effect from 1 April 2024"
            ],
            "Became a State Party": ["Benin: 1 April 2024"],
            "Gave notice of withdrawal": ["Chad: 1 March 2024, with effect from 1 March 2025"],
            "Revoked a notice of withdrawal": ["Ghana: 2 February 2024"],
            "Withdrew from the Rome Statute": ["Kenya: 1 May 2024"],
        }

    def test_counts_then_and_now(self, report: YearlyReport) -> None:
        figures = {
            figure.label: (figure.value, figure.before) for figure in contents(report).figures
        }
        # Algeria, Chad and Ghana are parties both times; Benin joined, Kenya left. Notices pending: Ghana and Kenya,
        # then Chad.
        assert figures == {
            "States Parties": (4, 4),
            "of the parties gave notice of withdrawal": (1, 2),
            "signed, not ratified": (1, 1),
            "withdrew": (1, 0),
            "never signed or joined": (1, 2),
        }

    def test_counts_by_region(self, report: YearlyReport) -> None:
        parties = {part.region: part.parties for part in contents(report).regions}
        assert parties[Region.AFRICA] == 3
        assert parties[Region.MIDDLE_EAST_NORTH_AFRICA] == 1
        assert sum(parties.values()) == 4

    def test_a_law_of_the_year_moved_and_one_without_a_day_is_not_claimed(
        self, report: YearlyReport
    ) -> None:
        shown = contents(report)
        assert shown.law_moves == ["Algeria, Penal Code: Enacted (4 April 2024)"]
        assert shown.laws_not_comparable.startswith("1 law is left out here")

    def test_focus_is_not_compared_if_the_year_before_is_not_recorded(
        self, report: YearlyReport
    ) -> None:
        shown = contents(report)
        assert [(state.name, state.ask) for state in shown.focus] == [
            ("Mali", "Accede to the Statute.")
        ]
        assert shown.focus_new is None

    def test_ratifications_of_other_treaties(self, report: YearlyReport) -> None:
        [agreement, *others] = contents(report).treaties
        assert (agreement.consents, agreement.consents_before) == (1, 0)
        assert agreement.new == ["Algeria (6 May 2024)"]
        assert all(treaty.consents == 0 and not treaty.new for treaty in others)

    def test_growth_ends_on_the_day(self, report: YearlyReport) -> None:
        points = dict(contents(report).growth.points)
        assert points[1998] == 0
        assert points[2002] == 4
        assert points[2023] == 4
        assert points[2024] == 4

    def test_the_actions_of_the_year_have_their_sources(self, report: YearlyReport) -> None:
        actions = contents(report).actions_of_year
        assert [action.day for action in actions] == sorted(action.day for action in actions)
        assert {(action.state, action.source) for action in actions} >= {
            ("Benin", "UN Treaty Collection")
        }
        assert len(actions) == 4


class TestSinceTheReportBefore:
    """The report of 2024 is frozen, and that of 2025 is compared with it."""

    @pytest.fixture
    def next_report(self, report: YearlyReport) -> YearlyReport:
        # The comparison is with the frozen record, not with the present record of that day.
        TreatyActionFactory.create(
            country=Country.objects.get(iso3="LBY"),
            action=Action.RATIFICATION,
            date=dt.date(2010, 1, 1),
        )
        TreatyActionFactory.create(
            country=Country.objects.get(iso3="MLI"), date=dt.date(2025, 2, 3)
        )
        ImplementingLaw.objects.filter(title="Bill 7").update(stage=LawStage.BEFORE_PARLIAMENT)
        ImplementingLawFactory.create(
            country=Country.objects.get(iso3="BEN"), title="Act 9", as_of=dt.date(2025, 7, 7)
        )
        return freeze(report_id=YearlyReportFactory.create(year=2025).pk)

    def test_the_basis_of_comparison_is_named(self, next_report: YearlyReport) -> None:
        shown = contents(next_report)
        assert shown.is_compared_with_report
        assert shown.before_day == DAY

    def test_events_and_corrections(self, next_report: YearlyReport) -> None:
        assert told(next_report) == {
            "Deposited an instrument of ratification or accession": [
                "Mali: 3 February 2025, with effect from 1 May 2025"
            ],
            "Became a State Party": ["Mali: 1 May 2025"],
            "Withdrew from the Rome Statute": ["Chad: 1 March 2025"],
            "Corrected since last year’s report": ["Libya: State Party (previously: Signatory)"],
        }

    def test_laws_that_moved_between_the_reports(self, next_report: YearlyReport) -> None:
        shown = contents(next_report)
        assert shown.law_moves == ["Mali, Bill 7: Before parliament; before: Being drafted"]
        # It is not known whether Act 9 is older than the first report.
        assert shown.laws_not_comparable.startswith("1 law is left out here")

    def test_focus_countries(self, next_report: YearlyReport) -> None:
        shown = contents(next_report)
        assert shown.focus_new == []
        assert shown.focus_ended == ["Mali"]

    def test_counts_then_are_those_that_were_frozen(self, next_report: YearlyReport) -> None:
        parties = contents(next_report).figures[0]
        assert (parties.value, parties.before) == (5, 4)


def test_a_snapshot_needs_the_same_queries_whatever_the_number_of_states(
    world: None, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(65):  # type: ignore[operator]
        take_snapshot(year=2024, day=DAY)
