"""Nobody can give an account more rights than they have."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
    PageViewRestriction,
    Site,
)

from core.models import User
from core.staff_accounts.permissions import accounts_within, groups_within
from home.models import HomePage
from record.choices import Region
from record.models import RegionTeam
from tests import factories

NEW = "a wholly new passphrase"


def permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def group(name: str, *permissions: str) -> Group:
    made = Group.objects.create(name=name)
    made.permissions.set(permission(each) for each in permissions)
    return made


@pytest.fixture
def desk(db: None) -> Group:
    """The group of users who manage accounts."""
    return group(
        "Desk",
        "wagtailadmin.access_admin",
        *(f"core.{action}_user" for action in ("add", "change", "delete")),
        *(f"auth.{action}_group" for action in ("add", "change", "delete")),
    )


@pytest.fixture
def manager(desk: Group) -> User:
    manager: User = factories.UserFactory.create(username="manager")
    manager.groups.add(desk)
    return manager


@pytest.fixture
def colleague(desk: Group) -> User:
    return factories.UserFactory.create(username="colleague")


@pytest.fixture
def superuser(db: None) -> User:
    return factories.SuperuserFactory.create(username="superuser")


@pytest.fixture
def desk_client(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def form(user: User, **changed: Any) -> dict[str, Any]:
    return {
        "username": user.username,
        "email": "someone@example.org",
        "first_name": "Some",
        "last_name": "One",
        "is_active": "on",
        **changed,
    }


def edit(client: Client, user: User, **changed: Any) -> Any:
    return client.post(f"/admin/users/edit/{user.pk}/", form(user, **changed))


def test_an_account_is_managed(desk_client: Client, colleague: User, desk: Group) -> None:
    assert "colleague" in desk_client.get("/admin/users/").content.decode()
    response = edit(desk_client, colleague, groups=[desk.pk], password1=NEW, password2=NEW)
    assert response.status_code == 302
    colleague.refresh_from_db()
    assert list(colleague.groups.all()) == [desk]
    assert colleague.check_password(NEW)


def test_only_superusers_make_superusers(desk_client: Client, colleague: User) -> None:
    assert edit(desk_client, colleague, is_superuser="on").status_code == 302
    response = desk_client.post(
        "/admin/users/new/",
        form(User(username="new"), is_superuser="on", password1=NEW, password2=NEW),
    )
    assert response.status_code == 302
    assert not User.objects.filter(is_superuser=True).exists()
    assert User.objects.filter(username="new").exists()


def test_a_superuser_makes_another(client: Client, superuser: User, colleague: User) -> None:
    client.force_login(superuser)
    assert edit(client, colleague, is_superuser="on").status_code == 302
    colleague.refresh_from_db()
    assert colleague.is_superuser


@pytest.mark.parametrize("view", ["edit", "delete", "history", "history-results", "usage"])
def test_superusers_are_not_listed(desk_client: Client, superuser: User, view: str) -> None:
    address = f"/admin/users/{view}/{superuser.pk}/"
    assert desk_client.get(address).status_code == 404
    assert desk_client.post(address, form(superuser, password1=NEW, password2=NEW)).status_code in {
        404,
        405,
    }
    superuser.refresh_from_db()
    assert not superuser.check_password(NEW)
    for listing in ("/admin/users/", "/admin/users/?q=superuser", "/admin/users/results/"):
        assert f"/admin/users/edit/{superuser.pk}/" not in desk_client.get(listing).content.decode()


@pytest.mark.parametrize("action", ["assign_role", "delete", "set_active_state"])
@pytest.mark.parametrize("ids", ["all", "one"])
def test_superusers_are_left_out_of_bulk_actions(
    desk_client: Client, superuser: User, desk: Group, action: str, ids: str
) -> None:
    chosen = "all" if ids == "all" else superuser.pk
    address = f"/admin/bulk/core/user/{action}/?id={chosen}"
    assert "superuser" not in desk_client.get(address).content.decode().replace("is_superuser", "")
    desk_client.post(address, {"role": desk.pk, "mark_as_active": "False"})
    superuser.refresh_from_db()
    assert superuser.is_active
    assert not superuser.groups.exists()


def test_a_group_with_more_rights_is_offered_in_no_form(
    desk_client: Client, manager: User, colleague: User
) -> None:
    senders = group("Senders", "newsletter.send_mailing")
    assert "Senders" not in desk_client.get(f"/admin/users/edit/{colleague.pk}/").content.decode()
    for person in (colleague, manager):
        # The form is shown again with an error.
        assert edit(desk_client, person, groups=[senders.pk]).status_code == 200
    address = f"/admin/bulk/core/user/assign_role/?id={colleague.pk}&id={manager.pk}"
    assert "Senders" not in desk_client.get(address).content.decode()
    desk_client.post(address, {"role": senders.pk})
    assert not senders.user_set.exists()


def test_accounts_with_more_rights_keep_password_and_address(
    desk_client: Client, colleague: User
) -> None:
    colleague.groups.add(group("Senders", "newsletter.send_mailing"))
    assert edit(desk_client, colleague, password1=NEW, password2=NEW).status_code == 404
    colleague.refresh_from_db()
    assert not colleague.check_password(NEW)
    assert colleague.email != "someone@example.org"


def test_a_right_given_to_a_person_counts_too(manager: User, colleague: User) -> None:
    colleague.user_permissions.add(permission("newsletter.send_mailing"))
    assert colleague not in accounts_within(manager)


@pytest.mark.parametrize("address", ["", "new/", "edit/{pk}/", "delete/{pk}/"])
def test_only_superusers_change_the_rights_of_groups(
    desk_client: Client, desk: Group, superuser: User, address: str
) -> None:
    """The group has Wagtail's permission to change groups, which has no effect here."""
    address = "/admin/groups/" + address.format(pk=desk.pk)
    assert desk_client.get(address)["Location"] == "/admin/"
    desk_client.post(address, {"name": "Mine"})
    assert Group.objects.filter(name="Desk").exists()
    desk_client.force_login(superuser)
    assert desk_client.get(address).status_code == 200


def test_the_form_of_a_group_does_not_offer_it(staff_client: Client, desk: Group) -> None:
    page = staff_client.get(f"/admin/groups/edit/{desk.pk}/").content.decode()
    assert f'value="{permission("core.change_user").pk}"' in page
    assert f'value="{permission("auth.change_group").pk}"' not in page


class TestRightsBeyondModelPermissions:
    """In each test the user lacks the right at first, and then has it."""

    @pytest.fixture
    def other(self, db: None) -> Group:
        return Group.objects.create(name="Other")

    def test_on_pages(self, manager: User, desk: Group, other: Group, home_page: HomePage) -> None:
        publish = permission("wagtailcore.publish_page")
        GroupPagePermission.objects.create(group=other, page=home_page, permission=publish)
        GroupPagePermission.objects.create(
            group=desk, page=home_page, permission=permission("wagtailcore.change_page")
        )
        assert other not in groups_within(manager)
        GroupPagePermission.objects.create(
            group=desk, page=Page.objects.get(depth=1), permission=publish
        )
        assert other in groups_within(manager)

    def test_in_collections(self, manager: User, desk: Group, other: Group) -> None:
        root = Collection.get_first_root_node()
        child = root.add_child(name="Africa")
        choose = permission("wagtailimages.choose_image")
        GroupCollectionPermission.objects.create(group=desk, collection=child, permission=choose)
        GroupCollectionPermission.objects.create(group=other, collection=root, permission=choose)
        assert other not in groups_within(manager)
        GroupCollectionPermission.objects.create(group=desk, collection=root, permission=choose)
        assert other in groups_within(manager)

    def test_on_sites(self, manager: User, desk: Group, other: Group, home_page: HomePage) -> None:
        change = permission("core.change_sitesettings")
        site = Site.objects.get()
        GroupSitePermission.objects.create(group=other, site=site, permission=change)
        assert other not in groups_within(manager)
        GroupSitePermission.objects.create(group=desk, site=site, permission=change)
        assert other in groups_within(manager)

    def test_to_read_private_pages(
        self, manager: User, desk: Group, other: Group, home_page: HomePage
    ) -> None:
        private = PageViewRestriction.objects.create(page=home_page, restriction_type="groups")
        private.groups.add(other)
        assert other not in groups_within(manager)
        private.groups.add(desk)
        assert other in groups_within(manager)

    def test_to_review(self, manager: User, desk: Group, other: Group) -> None:
        task = GroupApprovalTask.objects.create(name="Review")
        task.groups.add(other)
        assert other not in groups_within(manager)
        task.groups.add(desk)
        assert other in groups_within(manager)

    def test_of_a_region(self, manager: User, desk: Group, other: Group) -> None:
        RegionTeam.objects.create(group=other, region=Region.AFRICA)
        assert other not in groups_within(manager)
        desk.permissions.add(
            *(
                permission(f"record.{action}_country")
                for action in ("change", "publish", "lock", "unlock")
            )
        )
        assert other not in groups_within(User.objects.get(pk=manager.pk))  # Reports of errors.
        desk.permissions.add(permission("error_reports.change_errorreport"))
        assert other in groups_within(User.objects.get(pk=manager.pk))

    def test_every_kind_of_right_in_wagtail_is_compared(self) -> None:
        """Fails if an upgrade adds a kind without a comparison, which would reserve its groups for superusers."""
        kinds = {relation.related_model._meta.label for relation in Group._meta.related_objects}
        assert kinds == {
            "core.User",
            "record.RegionTeam",
            "wagtailcore.CollectionViewRestriction",
            "wagtailcore.GroupApprovalTask",
            "wagtailcore.GroupCollectionPermission",
            "wagtailcore.GroupPagePermission",
            "wagtailcore.GroupSitePermission",
            "wagtailcore.PageViewRestriction",
        }


def test_members_of_a_group_may_assign_it(manager: User, desk: Group) -> None:
    assert desk in groups_within(manager)
    assert manager in accounts_within(manager)
