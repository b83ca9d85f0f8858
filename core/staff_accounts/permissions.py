"""Compares the rights of groups with those of a user, to find the groups and accounts that the user may manage."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import ManyToManyRel, Q, QuerySet
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from core.models import User

# Returns the ids of the groups to which rows of one model give rights that the user lacks.
Comparison = Callable[[User], Iterable[int]]
_comparisons: dict[type[Any], list[Comparison]] = defaultdict(list)


def compares(model: type[Any]) -> Callable[[Comparison], Comparison]:
    """Register the comparison of the rights that rows of `model` give to groups."""

    def register(comparison: Comparison) -> Comparison:
        _comparisons[model].append(comparison)
        return comparison

    return register


def groups_within(user: User) -> QuerySet[Group]:
    """Return the groups without rights that the user lacks: those to which the user may add people.

    Rows without a registered comparison count as rights that the user lacks, so a model that comes with an upgrade
    closes its groups to everybody except superusers.
    """
    if user.is_superuser:
        return Group.objects.all()
    mightier = set(
        Group.objects.filter(permissions__in=_lacking(user)).values_list("pk", flat=True)
    )
    for relation in Group._meta.related_objects:
        model: Any = relation.related_model
        if model is User:
            continue
        if comparisons := _comparisons.get(model):
            for comparison in comparisons:
                mightier.update(comparison(user))
        elif isinstance(relation, ManyToManyRel):
            mightier.update(_sharing_more(relation, user))
        else:
            mightier.update(model.objects.values_list(relation.field.attname, flat=True))
    return Group.objects.filter(Q(user=user.pk) | ~Q(pk__in=mightier)).distinct()


def accounts_within(user: User) -> QuerySet[User]:
    """Return the accounts without rights that the user lacks: those that the user may see and manage."""
    if user.is_superuser:
        return User.objects.all()
    mightier = Group.objects.exclude(pk__in=groups_within(user).values("pk"))
    return (
        User.objects.filter(is_superuser=False)
        .exclude(groups__in=mightier)
        .exclude(user_permissions__in=_lacking(user))
    )


def _lacking(user: User) -> QuerySet[Permission]:
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return Permission.objects.exclude(pk__in=held.values("pk"))


def _sharing_more(relation: ManyToManyRel, user: User) -> Iterable[int]:
    """Return the groups related to something (a private page, a review task) to which none of the user's groups is."""
    field = relation.field
    model: Any = relation.related_model
    own = model.objects.filter(**{f"{field.name}__user": user})
    others = model.objects.exclude(pk__in=own.values("pk"))
    return others.exclude(**{field.name: None}).values_list(field.name, flat=True)


def _beyond_in_tree(model: type[Any], place: str, user: User) -> Iterable[int]:
    """Return the groups with a permission in a tree that the user has neither at that place nor above it."""
    rows = model.objects.values_list("group", "group__user", "permission", f"{place}__path")
    held = [(permission, path) for _, member, permission, path in rows if member == user.pk]
    return {
        group
        for group, _, permission, path in rows
        if not any(permission == own and path.startswith(above) for own, above in held)
    }


@compares(GroupPagePermission)
def beyond_on_pages(user: User) -> Iterable[int]:
    return _beyond_in_tree(GroupPagePermission, "page", user)


@compares(GroupCollectionPermission)
def beyond_in_collections(user: User) -> Iterable[int]:
    return _beyond_in_tree(GroupCollectionPermission, "collection", user)


@compares(GroupSitePermission)
def beyond_on_sites(user: User) -> Iterable[int]:
    rows = GroupSitePermission.objects.filter(permission__in=_lacking(user))
    own = set(rows.filter(group__user=user).values_list("site", "permission"))
    return {
        group
        for group, site, permission in rows.values_list("group", "site", "permission")
        if (site, permission) not in own
    }


class SuperusersOnly(ModelPermissionPolicy):
    """Reserves groups for superusers. Others who may change a group could give it, and so themselves, any right."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.is_superuser)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        return get_user_model().objects.filter(is_active=True, is_superuser=True)


def register() -> None:
    register_permission_policy(Group, SuperusersOnly(Group))
