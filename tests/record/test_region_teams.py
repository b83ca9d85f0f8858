"""A region's team edits and publishes the countries of its region, and no others."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask
from wagtail.permissions import policy_registry

from core.models import User
from record.choices import Action, Region
from record.models import Country, RecordVersion, RegionTeam
from tests.factories import CountryFactory, UserFactory

from .country_admin import LIST, add_action, address, form_of, open_form, send

PUBLISH = "action-publish"


def member_of(group: Group) -> User:
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory.create()
    user.groups.add(group)
    return user


def team(region: Region) -> Group:
    group = Group.objects.create(name=f"{region} team")
    RegionTeam.objects.create(group=group, region=region)
    return group


@pytest.fixture
def african(db: None) -> Country:
    return CountryFactory.create(name_en="Wakanda", region=Region.AFRICA)


@pytest.fixture
def european(db: None) -> Country:
    return CountryFactory.create(name_en="Ruritania", region=Region.EUROPE)


@pytest.fixture
def africa_team(db: None) -> Group:
    return team(Region.AFRICA)


@pytest.fixture
def member(africa_team: Group) -> User:
    team(Region.EUROPE)
    return member_of(africa_team)


@pytest.fixture
def team_client(client: Client, member: User) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def other_client(european: Country) -> Client:
    client = Client()
    client.force_login(member_of(Group.objects.get(name="europe team")))
    return client


def is_refused(response: Any) -> bool:
    return response.status_code == 302 and response["Location"] == "/admin/"


# Its own


def test_a_team_publishes_the_record_of_its_countries(
    team_client: Client, member: User, african: Country
) -> None:
    assert LIST in team_client.get("/admin/").text
    html = team_client.get(address(african)).text
    assert 'name="action-publish"' in html
    form = form_of(html)
    add_action(form, Action.ACCESSION, "2003-01-01")
    assert send(team_client, african, form, PUBLISH).status_code == 302
    assert african.treaty_actions.count() == 1
    assert RecordVersion.objects.all()[0].made_by == member


def test_a_team_sees_the_rest_of_the_views(team_client: Client, african: Country) -> None:
    for view in ("history", "usage", "unpublish", "verify", "workflow_history"):
        assert team_client.get(address(african, view)).status_code == 200, view
    team_client.post(address(african, "lock"))
    assert Country.objects.get(pk=african.pk).locked
    team_client.post(address(african, "unlock"))
    assert not Country.objects.get(pk=african.pk).locked


def test_a_team_neither_adds_nor_deletes(team_client: Client, african: Country) -> None:
    assert is_refused(team_client.get(f"{LIST}add/"))
    assert is_refused(team_client.post(f"{LIST}add/", {"name_en": "Zembla"}))
    team_client.post(f"/admin/bulk/record/country/delete/?id={african.pk}")
    assert Country.objects.filter(pk=african.pk).exists()


def test_a_team_cannot_move_a_country(team_client: Client, african: Country) -> None:
    form = open_form(team_client, african)
    assert "region" not in form
    form["region"] = Region.EUROPE
    assert send(team_client, african, form, PUBLISH).status_code == 302
    assert Country.objects.get(pk=african.pk).region == Region.AFRICA


def test_the_list_shows_a_team_its_own_countries(
    team_client: Client, african: Country, european: Country
) -> None:
    for query in ("", "?region=europe", "?q=land", "?export=csv"):
        response = team_client.get(LIST + query)
        text = response.getvalue().decode() if "export" in query else response.text
        assert "Ruritania" not in text
    assert "Wakanda" in team_client.get(LIST).text


# Another's


def test_another_regions_country_is_closed_by_every_address(
    team_client: Client, european: Country
) -> None:
    revision = european.save_revision()
    compare = f"{LIST}history/{european.pk}/revisions/compare/earliest...latest/"
    revert = f"{LIST}history/{european.pk}/revisions/{revision.pk}/revert/"
    unschedule = f"{LIST}history/{european.pk}/revisions/{revision.pk}/unschedule/"
    views = (
        "edit", "usage", "history", "history-results", "unpublish", "verify", "workflow_history",
        "workflow/confirm_cancellation",
    )  # fmt: skip
    for path in (*(address(european, view) for view in views), compare, revert, unschedule):
        assert is_refused(team_client.get(path)), path
    for path in (
        *(address(european, v) for v in ("edit", "unpublish", "lock", "unlock", "verify")),
        revert,
        unschedule,
    ):
        assert is_refused(team_client.post(path, {"action-publish": "on", "note": "Ours"})), path
    country = Country.objects.get(pk=european.pk)
    assert (country.live, country.locked, country.note, country.verified_on) == (
        True, False, "", None,
    )  # fmt: skip


def test_another_regions_country_is_not_edited_by_autosave(
    team_client: Client, european: Country
) -> None:
    response = team_client.post(
        address(european), {"note": "Ours"}, headers={"Accept": "application/json"}
    )
    assert response.status_code in {302, 403}
    assert not Country.objects.get(pk=european.pk).has_unpublished_changes


def test_a_reviewer_of_another_region_does_not_approve(
    team_client: Client, other_client: Client, africa_team: Group, european: Country
) -> None:
    """Even if the workflow names the team."""
    workflow = Workflow.objects.create(name="Review of the record")
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.add(africa_team, Group.objects.get(name="europe team"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(
        workflow=workflow, content_type=ContentType.objects.get_for_model(Country)
    )
    form = open_form(other_client, european)
    form["note"] = "Waits for approval"
    send(other_client, european, form, "action-submit")
    state = Country.objects.get(pk=european.pk).current_workflow_task_state
    assert state is not None
    approve = f"{LIST}workflow/action/{european.pk}/approve/{state.pk}/"
    collect = f"{LIST}workflow/collect_action_data/{european.pk}/approve/{state.pk}/"
    for path in (approve, collect):
        assert is_refused(team_client.get(path))
        assert is_refused(team_client.post(path, {"comment": ""}))
    assert is_refused(team_client.get(address(european)))
    assert is_refused(team_client.post(address(european, "lock")))
    assert Country.objects.get(pk=european.pk).note == ""
    other_client.post(approve, {"comment": ""})
    assert Country.objects.get(pk=european.pk).note == "Waits for approval"


def test_a_draft_that_moves_a_country_waits_for_an_editor_of_both_regions(
    team_client: Client, other_client: Client, superuser: User, african: Country
) -> None:
    """Otherwise a team could publish the secretariat's draft, or move a country by one of its own."""
    african.region = Region.EUROPE
    african.save_revision()
    assert is_refused(team_client.get(address(african)))
    assert is_refused(other_client.get(address(african)))
    team_client.force_login(superuser)
    assert team_client.get(address(african)).status_code == 200


def test_choosing_is_not_editing(team_client: Client, african: Country, european: Country) -> None:
    """Authors of pages may choose any country, because the record is public. The chooser edits nothing."""
    chooser = team_client.get("/admin/snippets/choose/record/country/")
    assert "create" not in chooser.text
    assert team_client.get("/admin/snippets/choose/record/country/create/").status_code != 200


# Permission to edit and export


def test_the_secretariat_edits_every_country(
    client: Client, african: Country, european: Country
) -> None:
    group = Group.objects.create(name="Secretariat")
    group.permissions.set(
        Permission.objects.filter(
            content_type__app_label="record", codename__in=["change_country", "publish_country"]
        )
    )
    client.force_login(member_of(group))
    for country in (african, european):
        form = open_form(client, country)
        form["region"] = Region.AMERICAS
        assert send(client, country, form, PUBLISH).status_code == 302
    assert Country.objects.filter(region=Region.AMERICAS).count() == 2


def test_users_without_a_team_edit_nothing(client: Client, african: Country) -> None:
    client.force_login(member_of(Group.objects.create(name="Newsroom")))
    assert LIST not in client.get("/admin/").text
    for path in (LIST, address(african), address(african, "history")):
        assert is_refused(client.get(path)), path


def test_the_policy_lists_permitted_users(
    member: User, african: Country, european: Country, superuser: User
) -> None:
    UserFactory.create()
    policy = policy_registry.get_by_type(Country)
    assert set(policy.users_with_permission("publish")) == {member, superuser}
    assert set(policy.users_with_permission_for_instance("publish", african)) == {member, superuser}
    assert set(policy.users_with_permission_for_instance("publish", european)) == {superuser}
    assert set(policy.users_with_permission("add")) == {superuser}
    assert not policy.user_has_permission(superuser, "delete")
    assert list(policy.instances_user_has_permission_for(member, "change")) == [african]
    member.is_active = False
    member.save()
    assert not policy.user_has_permission(User.objects.get(pk=member.pk), "change")


def test_the_regions_of_a_group_are_ticked_in_its_form(
    staff_client: Client, africa_team: Group
) -> None:
    edit = reverse("wagtailusers_groups:edit", args=[africa_team.pk])
    html = staff_client.get(edit).text
    assert "Edits and publishes the countries of" in html
    assert "Can delete country" not in html
    data = {
        "name": "Africa and Europe", "region_team-regions": ["africa", "europe"],
        **dict.fromkeys(_management_forms(html), "0"),
    }  # fmt: skip
    assert staff_client.post(edit, data).status_code == 302
    assert set(africa_team.region_teams.values_list("region", flat=True)) == {"africa", "europe"}
    staff_client.post(edit, {**data, "region_team-regions": ["europe"]})
    assert list(africa_team.region_teams.values_list("region", flat=True)) == ["europe"]
    staff_client.post(edit, {**data, "region_team-regions": ["atlantis"]})
    assert list(africa_team.region_teams.values_list("region", flat=True)) == ["europe"]
    add = reverse("wagtailusers_groups:add")
    staff_client.get(add)
    staff_client.post(add, {**data, "name": "New team"})
    assert RegionTeam.objects.filter(group__name="New team").count() == 2


def _management_forms(html: str) -> list[str]:
    return re.findall(r'name="([\w-]+-(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_?(?:FORMS)?)"', html)
