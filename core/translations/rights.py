"""Who may edit and publish a page or a snippet. wagtail-localize asks less than Wagtail does."""

from typing import Any

from django.db.models import Model
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry


def may_edit(user: Any, instance: Model) -> bool:
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_edit())
    return _policy_allows(user, "change", instance)


def may_publish(user: Any, instance: Model) -> bool:
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_publish())
    action = "publish" if isinstance(instance, DraftStateMixin) else "change"
    return _policy_allows(user, action, instance)


def _policy_allows(user: Any, action: str, instance: Model) -> bool:
    policy = policy_registry.get(instance)
    return bool(policy.user_has_permission_for_instance(user, action, instance))
