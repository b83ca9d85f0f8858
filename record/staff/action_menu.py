"""Publishing for the teams of regions: Wagtail offers it only to those who may publish every country."""

from typing import Any

from wagtail.permissions import policy_registry
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem


class TeamPublishItem(PublishMenuItem):
    """Publish, for who may publish this country and not all."""

    def is_shown(self, context: dict[str, Any]) -> bool:
        return _is_for_team(context) and not context.get("locked_for_user")


class TeamUnpublishItem(UnpublishMenuItem):
    """Unpublish, for the same."""

    def is_shown(self, context: dict[str, Any]) -> bool:
        is_live = context["view"] == "edit" and context["instance"].live
        return is_live and _is_for_team(context) and not context.get("locked_for_user")


def _is_for_team(context: dict[str, Any]) -> bool:
    user, country = context["request"].user, context.get("instance")
    if country is None:
        return False
    policy = policy_registry.get(country)
    return not policy.holds_everywhere(user, "publish") and policy.user_has_permission_for_instance(
        user, "publish", country
    )
