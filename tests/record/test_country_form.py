"""The form of a country: drafts, violations of rules beside fields, and the trail that names the editor."""

from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    ModelLogEntry,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from core.models import User
from record.choices import Action, ChangeKind, Status
from record.models import Country, RecordVersion, TreatyAction
from tests.factories import (
    CountryFactory,
    ImplementingLawFactory,
    SuperuserFactory,
    TreatyActionFactory,
)

from .country_admin import LIST, add_action, add_row, address, errors, form_of, open_form, send

PUBLISH = "action-publish"


@pytest.fixture
def country(db: None) -> Country:
    """A country that signed on 13 January 1999 and ratified on 21 September 2004."""
    country = CountryFactory.create(name_en="Ruritania")
    TreatyActionFactory.create(country=country, action=Action.SIGNATURE, date=date(1999, 1, 13))
    TreatyActionFactory.create(country=country, action=Action.RATIFICATION, date=date(2004, 9, 21))
    return Country.objects.get()


def status_today() -> str:
    return str(Country.objects.as_of(timezone.localdate()).get().status)


def notes() -> list[tuple[str, str]]:
    return [(c.entry, c.kind) for c in RecordVersion.objects.all()[0].changes.order_by("pk")]


# Drafts and publication


def test_the_form_shows_the_actions_in_the_order_of_their_days(
    staff_client: Client, country: Country
) -> None:
    TreatyActionFactory.create(country=country, treaty="apic", date=date(2001, 1, 1))
    html = staff_client.get(address(country)).text
    form = form_of(html)
    days = [form[f"treaty_actions-{row}-date"] for row in range(3)]
    assert days == ["1999-01-13", "2001-01-01", "2004-09-21"]
    assert "Takes effect on 1 December 2004." in html


def test_a_draft_changes_nothing_public(staff_client: Client, country: Country) -> None:
    before = RecordVersion.objects.count()
    form = open_form(staff_client, country)
    add_action(form, Action.WITHDRAWAL_NOTICE, "2025-01-01")
    assert send(staff_client, country, form).status_code == 302
    assert RecordVersion.objects.count() == before
    assert TreatyAction.objects.count() == 2
    assert open_form(staff_client, country)["treaty_actions-2-date"] == "2025-01-01"


def test_publishing_changes_the_record_and_the_trail_names_the_editor(
    staff_client: Client, superuser: User, country: Country
) -> None:
    form = open_form(staff_client, country)
    add_action(form, Action.WITHDRAWAL_NOTICE, "2020-01-01")
    assert send(staff_client, country, form, PUBLISH).status_code == 302
    assert status_today() == Status.WITHDRAWN
    assert notes() == [("treatyaction", ChangeKind.ADDED)]
    assert RecordVersion.objects.all()[0].made_by == superuser


def test_a_deleted_action_is_reported_as_removed(staff_client: Client, country: Country) -> None:
    form = open_form(staff_client, country)
    form["treaty_actions-1-DELETE"] = "1"
    send(staff_client, country, form, PUBLISH)
    assert status_today() == Status.SIGNATORY
    assert notes() == [("treatyaction", ChangeKind.REMOVED)]


def test_reverting_brings_the_old_record_back(
    staff_client: Client, superuser: User, country: Country
) -> None:
    send(staff_client, country, open_form(staff_client, country), PUBLISH)
    first = country.revisions.get()
    form = open_form(staff_client, country)
    form["treaty_actions-1-date"] = "2005-09-21"
    send(staff_client, country, form, PUBLISH)
    revert = f"{LIST}history/{country.pk}/revisions/{first.pk}/revert/"
    old = form_of(staff_client.get(revert).text)
    assert old["treaty_actions-1-date"] == "2004-09-21"
    staff_client.post(revert, {**old, PUBLISH: "on"})
    assert TreatyAction.objects.get(action=Action.RATIFICATION).date == date(2004, 9, 21)
    assert notes() == [("treatyaction", ChangeKind.CORRECTED)]
    assert RecordVersion.objects.all()[0].made_by == superuser


def test_two_revisions_are_compared_field_by_field(staff_client: Client, country: Country) -> None:
    send(staff_client, country, open_form(staff_client, country), PUBLISH)
    form = open_form(staff_client, country)
    form["treaty_actions-1-date"] = "2005-09-21"
    send(staff_client, country, form)
    html = staff_client.get(f"{LIST}history/{country.pk}/revisions/compare/live...latest/").text
    assert "Treaty actions" in html
    assert "2005" in html


def test_the_history_lists_what_was_done(staff_client: Client, country: Country) -> None:
    send(staff_client, country, open_form(staff_client, country), PUBLISH)
    html = staff_client.get(address(country, "history")).text
    assert "Published" in html


def test_nothing_is_scheduled(staff_client: Client, country: Country) -> None:
    """An action takes effect by itself, and scheduling would remove a country from the record until then."""
    form = open_form(staff_client, country)
    form["go_live_at"] = form["expire_at"] = "2099-01-01 00:00"
    send(staff_client, country, form, PUBLISH)
    country = Country.objects.get()
    assert (country.live, country.go_live_at, country.expire_at) == (True, None, None)
    assert "schedule-publishing" not in staff_client.get(address(country)).text


def test_unpublishing_is_reported_and_names_the_editor(
    staff_client: Client, superuser: User, country: Country
) -> None:
    staff_client.post(address(country, "unpublish"))
    assert not Country.objects.get().live
    assert ("country", ChangeKind.REMOVED) in notes()
    assert RecordVersion.objects.all()[0].made_by == superuser


def test_a_workflow_publishes_in_the_name_of_the_reviewer(
    staff_client: Client, client: Client, superuser: User, country: Country
) -> None:
    _require_approval()
    form = open_form(staff_client, country)
    add_action(form, Action.WITHDRAWAL_NOTICE, "2020-01-01")
    assert send(staff_client, country, form, "action-submit").status_code == 302
    country = Country.objects.get()
    task_state = country.current_workflow_task_state
    assert task_state is not None
    assert status_today() == Status.STATE_PARTY
    reviewer = SuperuserFactory.create()
    client.force_login(reviewer)
    approve = f"{LIST}workflow/action/{country.pk}/approve/{task_state.pk}/"
    client.post(approve, {"comment": "Seen in the notification."})
    assert status_today() == Status.WITHDRAWN
    assert RecordVersion.objects.all()[0].made_by == reviewer


def _require_approval() -> None:
    workflow = Workflow.objects.create(name="Review of the record")
    task = GroupApprovalTask.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(
        workflow=workflow, content_type=ContentType.objects.get_for_model(Country)
    )


# Rules


def test_every_broken_rule_is_reported_at_once_beside_its_field(
    staff_client: Client, country: Country
) -> None:
    form = open_form(staff_client, country)
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    add_action(form, Action.ACCESSION, tomorrow)
    add_action(
        form,
        Action.WITHDRAWAL_NOTICE,
        "2016-10-27",
        effect_override="2016-12-01",
        effect_override_reason="As said.",
    )
    add_action(form, Action.WITHDRAWAL_NOTICE, "2010-01-01", treaty="apic")
    assert errors(send(staff_client, country, form, PUBLISH)) == {
        "treaty_actions-2-date": ["The date is in the future."],
        "treaty_actions-2-action": ["A signatory ratifies; it does not accede."],
        "treaty_actions-3-effect_override": [
            "A withdrawal takes effect no earlier than one year after the notice (art. 127)."
        ],
        "treaty_actions-4-action": ["Only a party can withdraw (art. 127)."],
    }
    assert TreatyAction.objects.count() == 2


def test_a_draft_obeys_the_rules_too(staff_client: Client, country: Country) -> None:
    form = open_form(staff_client, country)
    add_action(form, Action.SIGNATURE, "2000-01-01")
    response = send(staff_client, country, form)
    assert errors(response) == {"treaty_actions-2-action": ["The state has signed before."]}
    assert not Country.objects.get().has_unpublished_changes


def test_deleted_actions_do_not_count(staff_client: Client, country: Country) -> None:
    form = open_form(staff_client, country)
    row = add_action(form, Action.SIGNATURE, "2000-01-01")
    form["treaty_actions-0-DELETE"] = "1"
    send(staff_client, country, form, PUBLISH)
    assert TreatyAction.objects.get(action=Action.SIGNATURE).date == date(2000, 1, 1)
    form = open_form(staff_client, country)
    form[f"treaty_actions-{row - 2}-DELETE"] = "1"
    response = send(staff_client, country, form, PUBLISH)
    assert errors(response)["treaty_actions-1-action"] == [
        "A state that did not sign accedes; it does not ratify (art. 125)."
    ]


def test_an_unreadable_action_is_reported_alone(staff_client: Client, country: Country) -> None:
    form = open_form(staff_client, country)
    form["treaty_actions-0-date"] = "13 of January"
    add_action(form, Action.WITHDRAWAL_NOTICE, "2010-01-01", treaty="apic")
    response = send(staff_client, country, form, PUBLISH)
    assert set(errors(response)) == {"treaty_actions-0-date", "treaty_actions-3-action"} or set(
        errors(response)
    ) == {"treaty_actions-0-date", "treaty_actions-2-action"}


HOSTILE_ROWS = [
    ({"treaty": "treaty-of-nowhere"}, "treaty"),
    ({"action": "blessing"}, "action"),
    ({"action": ""}, "action"),
    ({"date": ""}, "date"),
    ({"date": "9999-99-99"}, "date"),
    ({"date": "0001-01-01"}, "date"),
    ({"date": "9999-12-31"}, "date"),
    ({"effect_override": "2006-01-01"}, "effect_override_reason"),
    ({"effect_override_reason": "Because"}, "effect_override"),
    ({"source": "x" * 301}, "source"),
]


@pytest.mark.parametrize("action", ["", PUBLISH])
def test_hostile_rows_are_reported(staff_client: Client, country: Country, action: str) -> None:
    unchanged = open_form(staff_client, country)
    for values, field in HOSTILE_ROWS:
        form = dict(unchanged)
        row = {"action": Action.RATIFICATION, "date": "2005-01-01", "treaty": "apic", **values}
        number = add_action(form, **row)
        response = send(staff_client, country, form, action)
        assert f"treaty_actions-{number}-{field}" in errors(response), values
    assert TreatyAction.objects.count() == 2


@pytest.mark.parametrize("action", ["", PUBLISH])
@pytest.mark.parametrize("live", [True, False])
def test_a_duplicate_is_an_error_and_no_crash(
    staff_client: Client, country: Country, action: str, live: bool
) -> None:
    Country.objects.update(live=live)
    ImplementingLawFactory.create(country=country, title="Act")
    form = open_form(staff_client, country)
    add_action(form, Action.RATIFICATION, "2004-09-21")
    law = {"stage": "enacted", "source": "Gazette", "certainty": "confirmed", "as_of": "2026-01-01"}
    law["gender_provisions"] = "unknown"
    add_row(form, "laws", kind="complementarity", title="Act", coverage="full", **law)
    for _ in range(2):
        add_row(form, "focus_years", year="2026", ask="Ratify")
    found = errors(send(staff_client, country, form, action))
    assert {"treaty_actions", "laws", "focus_years"} <= set(found)
    assert TreatyAction.objects.count() == 2


def test_a_code_of_another_country_is_an_error(staff_client: Client, country: Country) -> None:
    other = CountryFactory.create()
    form = open_form(staff_client, country)
    form["iso3"] = other.iso3
    assert "iso3" in errors(send(staff_client, country, form, PUBLISH))
    form["iso3"] = "abc"
    assert "iso3" in errors(send(staff_client, country, form, PUBLISH))


def test_an_editor_adds_a_country(staff_client: Client, db: None) -> None:
    form = form_of(staff_client.get(f"{LIST}add/").text)
    form |= {
        "iso2": "RU", "iso3": "RUR", "m49": "999", "name_en": "Ruritania", "name_fr": "Ruritanie",
        "name_es": "Ruritania", "name_ar": "روريتانيا", "region": "europe",
    }  # fmt: skip
    add_action(form, Action.ACCESSION, "2003-01-01")
    response = staff_client.post(f"{LIST}add/", {**form, PUBLISH: "on"})
    assert response.status_code == 302, errors(response)
    assert status_today() == Status.STATE_PARTY


# Verification


def test_the_day_of_verification_brings_the_name(
    staff_client: Client, superuser: User, country: Country
) -> None:
    form = open_form(staff_client, country)
    form["verified_on"] = "2026-11-01"
    send(staff_client, country, form, PUBLISH)
    assert Country.objects.get().verified_by == superuser
    form = open_form(staff_client, country)
    form["verified_on"] = str(timezone.localdate() + timedelta(days=1))
    assert errors(send(staff_client, country, form)) == {
        "verified_on": ["The date is in the future."]
    }


def test_a_country_is_marked_as_verified(
    staff_client: Client, superuser: User, country: Country
) -> None:
    html = staff_client.get(address(country, "verify")).text
    assert f"in the record of {country} against its sources" in html
    assert "Ruritania" in html
    assert Country.objects.get().verified_on is None
    staff_client.post(address(country, "verify"))
    country = Country.objects.get()
    assert (country.verified_on, country.verified_by) == (timezone.localdate(), superuser)
    assert not country.has_unpublished_changes
    assert notes() == [("country", ChangeKind.VERIFIED)]
    assert RecordVersion.objects.all()[0].made_by == superuser
    entry = ModelLogEntry.objects.get(action="record.verify")
    assert "Marked as verified" in staff_client.get(address(country, "history")).text
    assert entry.user == superuser


def test_a_draft_is_not_published_by_marking(staff_client: Client, country: Country) -> None:
    form = open_form(staff_client, country)
    form["note"] = "Half a sent"
    send(staff_client, country, form)
    response = staff_client.post(address(country, "verify"), follow=True)
    assert "unpublished changes" in response.text
    assert Country.objects.get().verified_on is None


# Never


@pytest.mark.parametrize("view", ["delete", "copy"])
def test_nobody_deletes_or_copies_a_country(
    staff_client: Client, country: Country, view: str
) -> None:
    assert staff_client.get(address(country, view)).status_code == 404
    assert f"/{view}/" not in staff_client.get(address(country)).text
    bulk = f"/admin/bulk/record/country/delete/?id={country.pk}"
    staff_client.post(bulk)
    assert Country.objects.filter(pk=country.pk).exists()
