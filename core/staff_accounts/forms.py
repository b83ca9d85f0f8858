"""Wagtail's forms of an account, for whoever fills them in."""

from typing import Any

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm

from core.models import User

from .rights import groups_within


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
