"""Wagtail's views of accounts and groups, for those who may manage them."""

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
        return {**super().get_form_kwargs(), "filled_in_by": self.request.user}


class StaffEditView(EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "filled_in_by": self.request.user}


class StaffViewSet(UserViewSet):
    """Every view of one account, whichever Wagtail has or will have, answers 404 for accounts that are out of reach."""

    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return StaffEditForm if for_update else StaffCreationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = _for_accounts_within_reach(pattern.callback)
        return patterns


class StaffGroupViewSet(GroupViewSet):
    """The right to change groups is not for giving: see `SuperusersOnly`."""

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()


def _for_accounts_within_reach(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "pk" in kwargs and isinstance(request.user, User):
            get_object_or_404(accounts_within(request.user), pk=kwargs["pk"])
        return view(request, *args, **kwargs)

    return guarded


class _FilledInByStaff(forms.ModelForm):  # type: ignore[type-arg]
    """Offers the groups that the person who fills it in may give, and "Administrator" to administrators only."""

    def __init__(self, *args: Any, filled_in_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        groups.queryset = groups_within(filled_in_by)
        if "is_superuser" in self.fields and not filled_in_by.is_superuser:
            self.fields["is_superuser"].disabled = True  # Whatever is sent, it stays as it is.


class StaffCreationForm(_FilledInByStaff, UserCreationForm):
    pass


class StaffEditForm(_FilledInByStaff, UserEditForm):
    pass
