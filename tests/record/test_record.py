"""The status of states on any day, and the trail of changes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from pytest_django.fixtures import DjangoAssertNumQueries

from record.choices import Action, Cause, Certainty, ChangeKind, LawKind, LawStage, Region, Status
from record.memory import load_record
from record.models import Country, ImplementingLaw, RecordChange, RecordVersion, TreatyAction
from record.models.trail import recording
from record.status import DayOutOfRangeError
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory, UserFactory

pytestmark = pytest.mark.django_db


def status(country: Country, day: date) -> str:
    return str(Country.objects.as_of(day).get(pk=country.pk).status)


def act(country: Country, action: Action, day: str, **fields: object) -> TreatyAction:
    return TreatyActionFactory.create(
        country=country, action=action, date=date.fromisoformat(day), **fields
    )


def test_a_state_signs_joins_and_leaves() -> None:
    country = CountryFactory.create()
    act(country, Action.SIGNATURE, "1999-01-13")
    act(country, Action.RATIFICATION, "2004-09-21")
    act(country, Action.WITHDRAWAL_NOTICE, "2016-10-27")
    assert status(country, date(1999, 1, 12)) == Status.NON_PARTY
    assert status(country, date(1999, 1, 13)) == Status.SIGNATORY
    assert status(country, date(2004, 11, 30)) == Status.SIGNATORY
    assert status(country, date(2004, 12, 1)) == Status.STATE_PARTY
    assert status(country, date(2017, 10, 26)) == Status.STATE_PARTY
    assert status(country, date(2017, 10, 27)) == Status.WITHDRAWN


def test_future_effects_are_known_from_their_notice() -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, "2015-01-02")
    act(country, Action.WITHDRAWAL_NOTICE, "2026-06-18")
    waiting = Country.objects.as_of(date(2015, 1, 2)).get()
    assert (waiting.status, waiting.joins_on) == (Status.NON_PARTY, date(2015, 4, 1))
    party = Country.objects.as_of(date(2026, 6, 17)).get()
    assert (party.status, party.since, party.leaves_on) == (
        Status.STATE_PARTY,
        date(2015, 4, 1),
        None,
    )
    assert Country.objects.as_of(date(2026, 6, 18)).leaving().get().leaves_on == date(2027, 6, 18)
    assert Country.objects.as_of(date(2027, 6, 18)).get().leaves_on is None


def test_a_notice_that_is_revoked_has_no_effect() -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, "2001-11-30")
    act(country, Action.WITHDRAWAL_NOTICE, "2025-06-02")
    act(country, Action.WITHDRAWAL_NOTICE_REVOKED, "2026-05-29")
    assert Country.objects.as_of(date(2026, 5, 28)).get().leaves_on == date(2026, 6, 2)
    assert Country.objects.as_of(date(2026, 5, 29)).get().leaves_on is None
    assert status(country, date(2026, 6, 2)) == Status.STATE_PARTY


def test_revoking_a_second_notice_leaves_the_first_unchanged() -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, "2003-01-01")
    act(country, Action.WITHDRAWAL_NOTICE, "2016-10-27")
    act(country, Action.CONSENT, "2018-01-01")
    act(country, Action.WITHDRAWAL_NOTICE, "2020-01-01")
    act(country, Action.WITHDRAWAL_NOTICE_REVOKED, "2020-06-01")
    assert status(country, date(2018, 1, 1)) == Status.WITHDRAWN
    assert status(country, date(2021, 1, 1)) == Status.STATE_PARTY


def test_an_instrument_withdrawn_makes_no_party() -> None:
    country = CountryFactory.create()
    act(country, Action.ACCESSION, "2019-03-04")
    act(country, Action.INSTRUMENT_WITHDRAWN, "2019-04-29")
    assert Country.objects.as_of(date(2019, 4, 28)).get().joins_on == date(2019, 6, 1)
    assert status(country, date(2019, 6, 1)) == Status.NON_PARTY
    assert Country.objects.as_of(date(2019, 6, 1)).get().consented_on is None


def test_a_successor_is_bound_from_its_independence() -> None:
    country = CountryFactory.create()
    act(
        country,
        Action.SUCCESSION,
        "2006-10-23",
        effect_override=date(2006, 6, 3),
        effect_override_reason="Bound from its independence.",
    )
    assert status(country, date(2006, 6, 3)) == Status.STATE_PARTY


def test_there_is_no_day_before_the_statute() -> None:
    Country.objects.as_of(date(1998, 7, 17))
    with pytest.raises(DayOutOfRangeError):
        Country.objects.as_of(date(1998, 7, 16))


def test_drafts_are_not_counted() -> None:
    act(CountryFactory.create(live=False), Action.ACCESSION, "2003-01-01")
    assert Country.objects.as_of(date(2020, 1, 1)).counts().total == 0


def test_counts_agree_with_the_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number, region in enumerate([*Region, *Region, Region.EUROPE]):
        country = CountryFactory.create(region=region)
        if number % 2:
            act(country, Action.ACCESSION, "2003-01-01")
        elif number % 3:
            act(country, Action.SIGNATURE, "1999-01-01")
    act(country, Action.SIGNATURE, "1999-01-02")
    day = date(2010, 1, 1)
    with django_assert_num_queries(1):
        counts = Country.objects.as_of(day).counts()
    rows = list(Country.objects.as_of(day))
    assert counts.total == len(rows)
    for region in Region:
        for value in Status:
            expected = sum(row.region == region and row.status == value for row in rows)
            assert counts.of(value, region) == expected


def test_the_most_advanced_law_of_a_kind_is_shown() -> None:
    country = CountryFactory.create()
    ImplementingLawFactory.create(
        country=country, title="Bill", stage=LawStage.DRAFTING, as_of=date(2008, 1, 1)
    )
    ImplementingLawFactory.create(
        country=country, title="Act", stage=LawStage.ENACTED, date=date(2010, 1, 1)
    )
    record = load_record()
    [before], [after] = (record.on(day) for day in (date(2009, 12, 31), date(2010, 1, 1)))
    assert before.complementarity
    assert before.complementarity.stage == LawStage.DRAFTING
    assert after.complementarity
    assert after.complementarity.stage == LawStage.ENACTED
    assert after.cooperation is None


def test_a_law_of_unknown_day_is_not_read_into_the_past() -> None:
    country = CountryFactory.create()
    ImplementingLawFactory.create(country=country, as_of=date(2026, 1, 5))
    record = load_record()
    [before], [after] = (record.on(day) for day in (date(2026, 1, 4), date(2026, 1, 5)))
    assert before.complementarity is None
    assert after.complementarity
    assert after.complementarity.stage == LawStage.ENACTED


def test_a_status_takes_one_query_whatever_the_actions(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    country = CountryFactory.create()
    for year in range(1999, 2019):
        act(country, Action.DECLARATION, f"{year}-01-01")
    with django_assert_num_queries(1):
        list(Country.objects.as_of(date(2020, 1, 1)))


def test_countries_are_sorted_in_the_alphabet_of_the_language() -> None:
    for name in ("Zambie", "États-Unis", "Albanie", "Fidji"):
        CountryFactory.create(name_fr=name)
    names = Country.objects.by_name("fr").values_list("name_fr", flat=True)
    assert list(names) == ["Albanie", "États-Unis", "Fidji", "Zambie"]


def test_arabic_names_sort_together_regardless_of_hamza() -> None:
    for name in ("ايطاليا", "ألبانيا", "بلجيكا", "إثيوبيا"):
        CountryFactory.create(name_ar=name)
    names = Country.objects.by_name("ar").values_list("name_ar", flat=True)
    assert list(names) == ["إثيوبيا", "ألبانيا", "ايطاليا", "بلجيكا"]


def test_a_country_is_found_by_any_of_its_names() -> None:
    country = CountryFactory.create(name_en="Côte d’Ivoire", name_ar="كوت ديفوار", iso3="CIV")
    for text in ("cote", "CÔTE", "كوت", "civ"):
        assert list(Country.objects.matching(text)) == [country]
    assert not Country.objects.matching("ivory").exists()


# The trail of changes


def changes() -> list[tuple[str, str]]:
    return [(change.entry, change.kind) for change in RecordChange.objects.order_by("pk")]


def test_a_new_country_and_its_actions_are_reported_as_added() -> None:
    country = CountryFactory.build()
    country.treaty_actions = [TreatyActionFactory.build(country=country)]
    country.save()
    assert changes() == [("country", ChangeKind.ADDED), ("treatyaction", ChangeKind.ADDED)]
    assert RecordVersion.objects.count() == 1


def test_saving_without_a_change_makes_no_version() -> None:
    country = CountryFactory.create()
    country.save()
    assert RecordVersion.objects.count() == 1


def test_a_corrected_date_shows_before_and_after() -> None:
    country = CountryFactory.create()
    action = TreatyActionFactory.create(country=country)
    country = Country.objects.get()
    edited = country.treaty_actions.get()
    edited.date = action.date + timedelta(days=1)
    country.treaty_actions = [edited]
    country.save()
    change = RecordChange.objects.get(kind=ChangeKind.CORRECTED)
    assert (change.before or {})["date"] == "2005-03-15"
    assert (change.after or {})["date"] == "2005-03-16"
    assert change.changed_fields == ["date"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"stage": LawStage.AMENDED}, ChangeKind.UPDATED),
        ({"stage": LawStage.DRAFTING}, ChangeKind.CORRECTED),
        ({"certainty": Certainty.CONFIRMED, "source": "Gazette"}, ChangeKind.VERIFIED),
        ({"title": "Another title"}, ChangeKind.CORRECTED),
        ({"kind": LawKind.COOPERATION}, ChangeKind.CORRECTED),
    ],
)
def test_a_law_that_moves_on_is_no_correction(fields: dict[str, str], kind: str) -> None:
    law = ImplementingLawFactory.create()
    country = Country.objects.get()
    edited = country.laws.get()
    for name, value in fields.items():
        setattr(edited, name, value)
    country.laws = [edited]
    country.save()
    assert changes()[-1] == ("implementinglaw", kind)
    assert ImplementingLaw.objects.get().pk == law.pk


def test_writes_of_one_import_are_one_version() -> None:
    user = UserFactory.create()
    with recording(cause=Cause.IMPORT, user=user, note="countries.csv"):
        CountryFactory.create_batch(3)
    version = RecordVersion.objects.get()
    assert version.changes.count() == 3
    assert (version.cause, version.made_by, version.note) == (Cause.IMPORT, user, "countries.csv")
    assert version.stamp == f"{version.made_at:%Y-%m-%d}.{version.pk}"
    user.delete()
    version.refresh_from_db()
    assert version.made_by is None


def test_an_import_that_fails_leaves_no_trace() -> None:
    with pytest.raises(IntegrityError), recording(cause=Cause.IMPORT):
        CountryFactory.create_batch(2, iso3="AAA")
    assert not RecordVersion.objects.exists()
    assert not Country.objects.exists()


def test_the_trail_cannot_be_rewritten() -> None:
    CountryFactory.create()
    for rows in (RecordChange.objects.all(), RecordVersion.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(id=F("id") + 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete("default")
