"""Permission policies for the record and all that belongs to a region."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from core.models import User
from core.staff_accounts.permissions import compares

from .models import Country, RegionTeam


class RegionPolicy(ModelPermissionPolicy):
    """Applies permissions such as "can change country" everywhere, and grants a region's team some in its region."""

    # The lookup of an instance's region, the actions open to the region's team, and those open to nobody.
    region_lookup: ClassVar[str]
    team_actions: ClassVar[frozenset[str]]
    never: ClassVar[frozenset[str]] = frozenset()

    permission_cache_name = "_regions_of_their_teams"

    def holds_everywhere(self, user: Any, action: str) -> bool:
        """Return whether the user may perform the action in every region, as the secretariat may."""
        return action not in self.never and bool(super().user_has_permission(user, action))

    def regions_of(self, user: Any) -> set[str]:
        """Return the regions whose teams the user belongs to. One query for each user object."""
        regions: set[str] = self.get_cached_permissions_for_user(user)
        return regions

    def get_all_permissions_for_user(self, user: Any) -> set[str]:
        if not user.is_active:
            return set()
        return set(RegionTeam.objects.filter(group__user=user.pk).values_list("region", flat=True))

    def holds_in(self, user: Any, action: str, regions: Iterable[str]) -> bool:
        """Return whether the user may perform the action in all of these regions."""
        if self.holds_everywhere(user, action):
            return True
        return action in self.team_actions and set(regions) <= self.regions_of(user)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if self.holds_everywhere(user, action):
            return True
        return action in self.team_actions and bool(self.regions_of(user))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.holds_in(user, action, [self.region_of(instance)])

    def region_of(self, instance: Any) -> str:
        """Return the region of an instance."""
        value = instance
        for name in self.region_lookup.split("__"):
            value = getattr(value, name)
        return str(value)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Any]:
        instances: QuerySet[Any] = self.model.objects.all()
        if any(self.holds_everywhere(user, action) for action in actions):
            return instances
        if self.team_actions.isdisjoint(actions):
            return instances.none()
        return instances.filter(**{f"{self.region_lookup}__in": self.regions_of(user)})

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        return self._users(actions, Q(groups__region_teams__isnull=False))

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any
    ) -> QuerySet[User]:
        return self._users(actions, Q(groups__region_teams__region=self.region_of(instance)))

    def teams_beyond(self, user: User, actions: Collection[str]) -> Iterable[int]:
        """Return the groups that are teams of regions in which the user may not perform all of the actions."""
        if all(self.holds_everywhere(user, action) for action in actions):
            return []
        own = self.regions_of(user)
        return RegionTeam.objects.exclude(region__in=own).values_list("group", flat=True)

    def _users(self, actions: Collection[str], in_team: Q) -> QuerySet[User]:
        everywhere = self._get_users_with_any_permission_codenames_filter(
            self._get_permission_codenames(set(actions) - self.never)
        )
        if self.team_actions.isdisjoint(actions):
            in_team = Q(pk__in=[])
        users: QuerySet[User] = get_user_model().objects.filter(
            everywhere | (in_team & Q(is_active=True))
        )
        return users.distinct()


class RecordPolicy(RegionPolicy):
    """The policy for countries. Nobody, superusers included, may delete one: the trail of changes refers to it."""

    region_lookup = "region"
    team_actions = frozenset({"change", "publish", "lock", "unlock", "view"})
    never = frozenset({"delete"})


class CountryPolicy(RecordPolicy):
    """The policy for one country, for those of Wagtail's views that do not pass the instance.

    A draft may move a country to another region; then only users who may edit both regions may change it.
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
    """Return the teams of regions in which the user has fewer rights than the team."""
    return RecordPolicy(Country).teams_beyond(user, RecordPolicy.team_actions - {"view"})
