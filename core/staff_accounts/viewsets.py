"""Wagtail's views of accounts and groups, limited to the accounts and groups that the user may manage."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)
from wagtail.users.views.groups import GroupViewSet
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from core.models import User

from .permissions import accounts_within, groups_within

View = Callable[..., HttpResponseBase]


class StaffIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[User]:
        accounts = super().get_base_queryset()
        return accounts.filter(pk__in=accounts_within(self.request.user).values("pk"))


class StaffCreateView(CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "edited_by": self.request.user}


class StaffEditView(EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "edited_by": self.request.user}


class StaffViewSet(UserViewSet):
    """Answers 404 in every view of an account, including future ones, unless the user may manage the account."""

    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return StaffEditForm if for_update else StaffCreationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = _within_reach(pattern.callback)
        return patterns


class StaffGroupViewSet(GroupViewSet):
    """Offers no permissions on groups, since they cannot be given away: see `SuperusersOnly`."""

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()


def _within_reach(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "pk" in kwargs and isinstance(request.user, User):
            get_object_or_404(accounts_within(request.user), pk=kwargs["pk"])
        return view(request, *args, **kwargs)

    return guarded


class _EditedByStaff(forms.ModelForm):  # type: ignore[type-arg]
    """Offers only the groups that the editing user may assign, and "Administrator" to administrators only."""

    def __init__(self, *args: Any, edited_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        groups.queryset = groups_within(edited_by)
        if "is_superuser" in self.fields and not edited_by.is_superuser:
            self.fields["is_superuser"].disabled = True  # Does not save submitted values.


class StaffCreationForm(_EditedByStaff, UserCreationForm):
    pass


class StaffEditForm(_EditedByStaff, UserEditForm):
    pass


class _OnlyWithinReach:
    """Leaves out accounts that the user may not manage, as if they did not exist."""

    request: Any

    def get_queryset(self, model: type[User], object_ids: list[Any]) -> list[User]:
        return list(accounts_within(self.request.user).filter(pk__in=object_ids))


class AssignRole(_OnlyWithinReach, AssignRoleBulkAction):
    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["role"].queryset = groups_within(self.request.user)
        return form


class Delete(_OnlyWithinReach, DeleteBulkAction):
    pass


class SetActiveState(_OnlyWithinReach, SetActiveStateBulkAction):
    pass


BULK_ACTIONS = (AssignRole, Delete, SetActiveState)
