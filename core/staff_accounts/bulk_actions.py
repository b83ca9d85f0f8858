"""What is done with several accounts at once."""

from typing import Any

from wagtail import hooks
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from core.models import User

from .permissions import accounts_within, groups_within


class _WithinReach:
    """Leaves out accounts that are out of reach, as if they did not exist."""

    request: Any

    def get_queryset(self, model: type[User], object_ids: list[Any]) -> list[User]:
        return list(accounts_within(self.request.user).filter(pk__in=object_ids))


class AssignRole(_WithinReach, AssignRoleBulkAction):
    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["role"].queryset = groups_within(self.request.user)
        return form


class Delete(_WithinReach, DeleteBulkAction):
    pass


class SetActiveState(_WithinReach, SetActiveStateBulkAction):
    pass


# After Wagtail's own, whose place they take: the last one of a name counts.
for action in (AssignRole, Delete, SetActiveState):
    hooks.register("register_bulk_action", action, order=1)
