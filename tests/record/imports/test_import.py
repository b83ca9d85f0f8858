"""The changes that an import makes, and those that it never makes."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.imports.problems import ImportOutdatedError, ImportRefusedError
from record.choices import (
    Action,
    Cause,
    Certainty,
    LawCoverage,
    LawKind,
    LawStage,
    Region,
    Status,
    Treaty,
)
from record.data import RECORD
from record.imports import ImportPlan, apply_import, plan_import
from record.imports.columns import LAW_DETAILS, SCHEMA
from record.models import Country, ImplementingLaw, RecordChange, RecordVersion, TreatyAction
from record.status import History
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory, UserFactory

from .files import KENYA, table

TODAY = date(2026, 11, 22)
PLAIN = [
    "iso2",
    "iso3",
    "m49",
    "name_en",
    "name_fr",
    "name_es",
    "name_ar",
    "region",
    "un_regional_group",
    "signed",
    "consent_date",
    "consent_kind",
    "in_force",
    "withdrawal_notified",
    "withdrawal_effective",
    "kampala_aggression",
    "apic",
    "complementarity_law",
    "cooperation_law",
    "notes",
    "sources",
]


def unsaid(row: dict[str, str]) -> set[str]:
    """Return the columns that are blank for this row in a table without columns for withdrawn or revoked actions."""
    if row["instrument_withdrawn"]:
        return {"consent_date", "consent_kind", "in_force"}
    return (
        {"withdrawal_notified", "withdrawal_effective"}
        if row["withdrawal_notice_revoked"]
        else set()
    )


def load(*rows: dict[str, str]) -> ImportPlan:
    return apply_import(content=table(*rows), name="states.csv", today=TODAY)


def kenya(**fields: object) -> Country:
    return CountryFactory.create(
        iso2="KE", iso3="KEN", m49="404", name_en="Kenya", sources="UN list", **fields
    )


def act(country: Country, action: Action, day: str, **fields: object) -> TreatyAction:
    return TreatyActionFactory.create(
        country=country, action=action, date=date.fromisoformat(day), **fields
    )


@pytest.mark.usefixtures("transactional_db")
class TestTheDataOfTheSite:
    def test_the_status_of_states(self) -> None:
        counts = Country.objects.as_of(TODAY).counts()
        assert (counts.total, counts.leaving) == (196, 5)
        assert counts.by_status == {
            Status.STATE_PARTY: 125,
            Status.SIGNATORY: 29,
            Status.WITHDRAWN: 2,
            Status.NON_PARTY: 40,
        }
        assert [counts.of(Status.STATE_PARTY, region) for region in Region] == [32, 29, 17, 44, 3]
        assert TreatyAction.objects.filter(action=Action.SIGNATURE).count() == 139

    def test_the_check_of_a_status_agrees_with_the_record_on_any_day(self) -> None:
        countries = list(Country.objects.with_record())
        for day in (
            date(1998, 7, 17),
            date(2002, 6, 30),
            date(2002, 7, 1),
            date(2017, 10, 27),
            date(2019, 4, 1),
            date(2026, 6, 2),
            date(2027, 6, 24),
            date(2028, 1, 1),
        ):
            statuses = {c.pk: c.status for c in Country.objects.as_of(day)}
            for country in countries:
                actions = country.treaty_actions.filter(treaty=Treaty.ROME_STATUTE)
                assert History(actions).on(day).status == statuses[country.pk], (country, day)

    def test_a_second_time_changes_nothing(self) -> None:
        plan = apply_import(content=RECORD.read_bytes(), name=RECORD.name, today=TODAY)
        assert plan.differences == ()
        assert RecordVersion.objects.count() == 1

    def test_the_table_without_details_of_entries_changes_nothing(self) -> None:
        """The table as its authors keep it, with a status and without sources of entries or revocations."""
        statuses = {c.iso3: c.status for c in Country.objects.as_of(TODAY)}
        with RECORD.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        plain = [
            {name: "" if name in unsaid(row) else row[name] for name in PLAIN}
            | {"status": statuses[row["iso3"]]}
            for row in rows
        ]
        plan = plan_import(content=table(*plain), today=TODAY)
        assert (plan.rows, plan.differences) == (196, ())

    def test_names_are_everyday_names_with_the_short_form_at_the_un_if_it_differs(self) -> None:
        names = Country.objects.in_bulk(field_name="iso3")
        assert (names["KOR"].name_en, names["KOR"].un_name) == ("South Korea", "Republic of Korea")
        assert (names["PSE"].name_en, names["PSE"].un_name) == ("State of Palestine", "")
        assert names["CIV"].un_name == ""
        assert names["COD"].name_fr == "République démocratique du Congo"

    def test_doubtful_days_are_marked(self) -> None:
        def certainty(iso3: str, action: Action) -> str:
            return str(TreatyAction.objects.get(country__iso3=iso3, action=action).certainty)

        for iso3 in ("NER", "BFA", "MLI", "TCD"):
            assert certainty(iso3, Action.WITHDRAWAL_NOTICE) == Certainty.TO_BE_VERIFIED
        for iso3 in ("VEN", "HUN", "BDI", "PHL"):
            assert certainty(iso3, Action.WITHDRAWAL_NOTICE) == Certainty.CONFIRMED
        assert certainty("HUN", Action.WITHDRAWAL_NOTICE_REVOKED) == Certainty.CONFIRMED
        assert not ImplementingLaw.objects.filter(certainty=Certainty.CONFIRMED).exists()

    def test_a_revoked_withdrawal_and_a_withdrawn_accession(self) -> None:
        hungary = Country.objects.as_of(date(2026, 6, 2)).get(iso3="HUN")
        assert (hungary.status, hungary.leaves_on) == (Status.STATE_PARTY, None)
        malaysia = Country.objects.as_of(date(2019, 6, 1)).get(iso3="MYS")
        assert malaysia.status == Status.NON_PARTY

    def test_a_successor_is_bound_from_the_day_of_the_file(self) -> None:
        montenegro = Country.objects.as_of(TODAY).get(iso3="MNE")
        assert montenegro.since == date(2006, 6, 3)


@pytest.mark.django_db
class TestARow:
    def test_a_new_state_gets_its_names_from_its_code(self) -> None:
        load(KENYA)
        country = Country.objects.get()
        names = [getattr(country, f"name_{language}") for language in ("en", "fr", "es", "ar")]
        assert names == ["Kenya", "Kenya", "Kenia", "كينيا"]
        assert country.live

    def test_a_blank_cell_changes_nothing(self) -> None:
        act(kenya(note="Said by staff."), Action.SIGNATURE, "1999-08-11")
        plan = load({**KENYA, "notes": "", "signed": "", "un_regional_group": ""})
        assert plan.differences == ()
        assert Country.objects.get().note == "Said by staff."

    def test_a_file_may_hold_a_part_of_the_columns(self) -> None:
        act(kenya(), Action.SIGNATURE, "1999-08-11", source="UN list, read twice")
        load({"iso3": "KEN", "consent_date": "2005-03-15", "consent_kind": "ratification"})
        signature, ratification = TreatyAction.objects.order_by("date")
        assert signature.source == "UN list, read twice"
        assert (ratification.action, ratification.takes_effect_on, ratification.source) == (
            Action.RATIFICATION,
            date(2005, 6, 1),
            "UN list",
        )
        assert ratification.certainty == Certainty.TO_BE_VERIFIED

    def test_another_day_corrects_the_entry_that_is_there(self) -> None:
        paper = act(kenya(), Action.ACCESSION, "2005-03-14", note="Kept")
        load({"iso3": "KEN", "consent_date": "2005-03-15"})
        corrected = TreatyAction.objects.get()
        assert (corrected.pk, corrected.date, corrected.note) == (
            paper.pk,
            date(2005, 3, 15),
            "Kept",
        )

    def test_changes_by_a_file_are_to_be_verified(self) -> None:
        sure = {"certainty": Certainty.CONFIRMED, "source": "UN list"}
        paper = act(kenya(), Action.ACCESSION, "2005-03-14", **sure)
        load({"iso3": "KEN", "consent_date": "2005-03-14", "sources": "A newspaper"})
        paper.refresh_from_db()
        assert (paper.certainty, paper.source) == (Certainty.CONFIRMED, "UN list")
        load({"iso3": "KEN", "consent_date": "2005-03-15", "sources": "A newspaper"})
        paper.refresh_from_db()
        assert (paper.certainty, paper.source) == (Certainty.TO_BE_VERIFIED, "A newspaper")
        confirmed = {"consent_date_certainty": "confirmed", "consent_date_source": "C.N.1.2005"}
        load({"iso3": "KEN", "consent_date": "2005-03-16", **confirmed})
        paper.refresh_from_db()
        assert (paper.certainty, paper.source) == (Certainty.CONFIRMED, "C.N.1.2005")

    def test_a_new_stage_of_a_law_does_not_begin_on_the_day_of_the_old(self) -> None:
        law = ImplementingLawFactory.create(
            country=kenya(),
            stage=LawStage.DRAFTING,
            date=date(2008, 1, 1),
            certainty=Certainty.CONFIRMED,
        )
        load({"iso3": "KEN", "complementarity_law": "partial"})
        law.refresh_from_db()
        assert (law.stage, law.date, law.as_of, law.certainty) == (
            LawStage.ENACTED,
            None,
            TODAY,
            Certainty.TO_BE_VERIFIED,
        )

    def test_an_amended_law_stays_amended(self) -> None:
        law = ImplementingLawFactory.create(
            country=kenya(), stage=LawStage.AMENDED, coverage=LawCoverage.PARTIAL
        )
        load({"iso3": "KEN", "complementarity_law": "enacted"})
        law.refresh_from_db()
        assert (law.stage, law.coverage) == (LawStage.AMENDED, LawCoverage.FULL)

    def test_a_state_that_left_joins_anew(self) -> None:
        country = kenya()
        act(country, Action.ACCESSION, "2005-03-15")
        act(country, Action.WITHDRAWAL_NOTICE, "2010-01-01")
        load({"iso3": "KEN", "consent_date": "2020-01-01", "consent_kind": "accession"})
        assert TreatyAction.objects.filter(action=Action.ACCESSION).count() == 2
        assert Country.objects.as_of(date(2015, 1, 1)).get().status == Status.WITHDRAWN
        assert Country.objects.as_of(TODAY).get().status == Status.STATE_PARTY

    def test_a_kind_that_staff_know_better_is_kept(self) -> None:
        act(kenya(), Action.RATIFICATION, "2010-01-01", treaty=Treaty.APIC)
        assert load({"iso3": "KEN", "apic": "2010-01-01"}).differences == ()

    def test_a_stage_that_staff_know_better_is_kept(self) -> None:
        ImplementingLawFactory.create(
            country=kenya(), stage=LawStage.BEFORE_PARLIAMENT, title="International Crimes Bill"
        )
        assert load({"iso3": "KEN", "complementarity_law": "draft"}).differences == ()

    def test_a_law_comes_to_its_next_stage(self) -> None:
        law = ImplementingLawFactory.create(country=kenya(), stage=LawStage.DRAFTING, title="Bill")
        load({"iso3": "KEN", "complementarity_law": "enacted", "cooperation_law": "unknown"})
        law.refresh_from_db()
        assert (law.stage, law.coverage, law.title) == (LawStage.ENACTED, LawCoverage.FULL, "Bill")
        assert ImplementingLaw.objects.count() == 1

    def test_titles_distinguish_laws_of_a_kind(self) -> None:
        country = kenya()
        for title in ("First Act", "Second Act"):
            ImplementingLawFactory.create(
                country=country, kind=LawKind.COOPERATION, title=title, stage=LawStage.DRAFTING
            )
        load(
            {
                "iso3": "KEN",
                "cooperation_law": "enacted",
                "cooperation_law_title": "Second Act",
            }
        )
        stages = dict(ImplementingLaw.objects.values_list("title", "stage"))
        assert stages == {"First Act": LawStage.DRAFTING, "Second Act": LawStage.ENACTED}


@pytest.mark.django_db
class TestTheTrail:
    def test_an_import_is_one_version_that_names_the_file_and_who_imported_it(self) -> None:
        user = UserFactory.create()
        apply_import(content=table(KENYA), name="kenya.csv", today=TODAY, user=user)
        version = RecordVersion.objects.get()
        assert (version.cause, version.made_by) == (Cause.IMPORT, user)
        assert version.note.startswith("kenya.csv (SHA-256 ")
        assert RecordChange.objects.get().country.iso3 == "KEN"

    def test_nobody_edits_from_a_revision_of_before_the_import(self) -> None:
        country = kenya()
        country.save_revision().publish()
        load({"iso3": "KEN", "notes": "From the file", "signed": "1999-08-11"})
        draft = Country.objects.get().get_latest_revision_as_object()
        assert draft.note == "From the file"
        assert [paper.date for paper in draft.treaty_actions.all()] == [date(1999, 8, 11)]
        draft.save_revision().publish()
        assert TreatyAction.objects.count() == 1
        assert RecordVersion.objects.filter(cause=Cause.IMPORT).count() == 1

    @pytest.mark.parametrize(
        ("held", "words"),
        [("has_unpublished_changes", "has a draft"), ("locked", "is locked by someone")],
    )
    def test_countries_in_use_are_not_imported(self, held: str, words: str) -> None:
        Country.objects.filter(pk=kenya().pk).update(**{held: True})
        assert load({"iso3": "KEN", "sources": "UN list"}).differences == ()
        with pytest.raises(ImportRefusedError) as refusal:
            load({"iso3": "KEN", "notes": "From the file"})
        assert f"Line 2: Kenya {words}" in str(refusal.value.problems[0])
        assert Country.objects.get().note == ""

    def test_the_difference_that_was_shown_is_applied(self) -> None:
        country = kenya()
        content = table({"iso3": "KEN", "notes": "From the file"})
        plan = plan_import(content=content, today=TODAY)
        country.note = "From staff, meanwhile"
        country.save()
        with pytest.raises(ImportOutdatedError):
            apply_import(content=content, name="x.csv", today=TODAY, stamp=plan.stamp)
        assert Country.objects.get().note == "From staff, meanwhile"


@pytest.mark.django_db
class TestTheCommand:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "kenya.csv"
        path.write_bytes(table({**KENYA, "signed": "1999-08-11"}))
        return path

    def test_it_shows_the_difference_before_it_writes(self, file: Path) -> None:
        output = StringIO()
        call_command("import_countries", str(file), stdout=output)
        assert "Added: Rome Statute: Signature, 1999-08-11" in output.getvalue()
        assert "1 rows read, 1 countries differ. Done." in output.getvalue()
        assert Country.objects.exists()

    def test_a_dry_run_writes_nothing(self, file: Path) -> None:
        output = StringIO()
        call_command("import_countries", str(file), "--dry-run", stdout=output)
        assert "Added: Kenya" in output.getvalue()
        assert not Country.objects.exists()

    def test_every_mistake_is_reported_with_its_place(self, file: Path) -> None:
        file.write_bytes(table({**KENYA, "signed": "2001-01-01", "m49": "4O4"}))
        errors = StringIO()
        with pytest.raises(CommandError, match=r"2 mistakes in kenya\.csv: nothing was written"):
            call_command("import_countries", str(file), stderr=errors)
        assert "Line 2, m49" in errors.getvalue()
        assert "Line 2, signed: The Statute was open for signature" in errors.getvalue()
        assert not Country.objects.exists()

    def test_a_file_that_is_not_there(self) -> None:
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_countries", "nowhere.csv")


def test_editors_can_read_of_every_column() -> None:
    guide = (settings.BASE_DIR / "docs" / "editors.md").read_text()
    for name in SCHEMA.documented:
        assert f"`{name}`" in guide or f"`{name.removesuffix('_kind')}`" in guide, name
    for ending in LAW_DETAILS:
        assert f"_{ending}`" in guide, ending
