"""Who of the staff may do what with the record."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from core.models import User
from core.staff_accounts.rights import compares

from .models import Country, RegionTeam

TEAM_ACTIONS = frozenset({"change", "publish", "lock", "unlock", "view"})


class RecordPolicy(ModelPermissionPolicy):
    """The rights of a group, as "can change country", hold for every country; a region's team has its own region's.

    Nobody deletes a country, superusers included: the trail of changes tells of it for good.
    """

    permission_cache_name = "_regions_of_their_teams"

    def holds_everywhere(self, user: Any, action: str) -> bool:
        """Whether the user may do it with every country, as the secretariat may."""
        return action != "delete" and bool(super().user_has_permission(user, action))

    def regions_of(self, user: Any) -> set[str]:
        """The regions of whose teams the user is. Asked once for a user object."""
        regions: set[str] = self.get_cached_permissions_for_user(user)
        return regions

    def get_all_permissions_for_user(self, user: Any) -> set[str]:
        if not user.is_active:
            return set()
        return set(RegionTeam.objects.filter(group__user=user.pk).values_list("region", flat=True))

    def holds_in(self, user: Any, action: str, regions: Iterable[str]) -> bool:
        """Whether the user may do it with a country of all these regions."""
        if self.holds_everywhere(user, action):
            return True
        return action in TEAM_ACTIONS and set(regions) <= self.regions_of(user)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if self.holds_everywhere(user, action):
            return True
        return action in TEAM_ACTIONS and bool(self.regions_of(user))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.holds_in(user, action, [instance.region])

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        countries = Country.objects.all()
        if any(self.holds_everywhere(user, action) for action in actions):
            return countries
        if TEAM_ACTIONS.isdisjoint(actions):
            return countries.none()
        return countries.filter(region__in=self.regions_of(user))

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return self._users(actions, Q(groups__region_teams__isnull=False))

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any
    ) -> QuerySet[User]:
        return self._users(actions, Q(groups__region_teams__region=instance.region))

    def _users(self, actions: Collection[str], in_team: Q) -> QuerySet[User]:
        everywhere = self._get_users_with_any_permission_codenames_filter(
            self._get_permission_codenames(set(actions) - {"delete"})
        )
        if TEAM_ACTIONS.isdisjoint(actions):
            in_team = Q(pk__in=[])
        users: QuerySet[User] = get_user_model().objects.filter(
            everywhere | (in_team & Q(is_active=True))
        )
        return users.distinct()


class CountryPolicy(RecordPolicy):
    """The same for one country, as Wagtail's views ask it that know of no instance.

    A draft may move a country to another region: then it is for those who may edit both.
    """

    def __init__(self, regions: Collection[str]) -> None:
        super().__init__(Country)
        self.regions = frozenset(regions)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.holds_in(user, action, self.regions)


def edits_countries(request: HttpRequest) -> bool:
    """Return whether the user may edit any country."""
    policy = policy_registry.get_by_type(Country)
    return bool(policy.user_has_permission(request.user, "change"))


@compares(RegionTeam)
def teams_beyond(user: User) -> Iterable[int]:
    """Teams of regions in which the user may do less with the record."""
    policy = RecordPolicy(Country)
    if all(policy.holds_everywhere(user, action) for action in TEAM_ACTIONS - {"view"}):
        return []
    own = policy.regions_of(user)
    return RegionTeam.objects.exclude(region__in=own).values_list("group", flat=True)
