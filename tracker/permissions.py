"""Who of the staff may do what with reports. What is frozen is closed to everybody, superusers included."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

ERRATUM_ACTIONS = frozenset({"add", "view"})


class ReportPolicy(ModelPermissionPolicy):
    """Drafts are for those with the rights of groups. Nobody publishes one past freezing it, or takes one down."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "publish" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        is_open = instance.frozen_id is None or action == "view"
        return is_open and self.user_has_permission(user, action)


class ErratumPolicy(ModelPermissionPolicy):
    """Errata are added, never changed or deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ERRATUM_ACTIONS and bool(super().user_has_permission(user, action))
