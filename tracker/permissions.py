"""Permission policies for reports and errata. Nobody, superusers included, may change what is frozen."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from .models import YearlyReport

ERRATUM_ACTIONS = frozenset({"add", "view"})


class ReportPolicy(ModelPermissionPolicy):
    """Grants a group's permissions on drafts. Nobody may publish a report except by freezing it, or unpublish one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "publish" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        is_open = instance.frozen_id is None or action == "view"
        return is_open and self.user_has_permission(user, action)


class ErratumPolicy(ModelPermissionPolicy):
    """Lets errata be added and viewed, but never changed or deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ERRATUM_ACTIONS and bool(super().user_has_permission(user, action))


def may_freeze(user: Any, report: YearlyReport) -> bool:
    """Return whether the user may freeze this report, which must not be frozen yet."""
    policy = policy_registry.get(report)
    return bool(policy.user_has_permission_for_instance(user, "freeze", report))
