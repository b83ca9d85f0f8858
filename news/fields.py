"""A field for any number of choices."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField


class ChoicesField(ArrayField):  # type: ignore[type-arg] # Generic in the stubs only.
    """A list of values among the choices of the base field, edited by checkboxes."""

    def formfield(self, **kwargs: Any) -> Any:
        # Skips ArrayField, whose form field takes text separated by commas.
        return super(ArrayField, self).formfield(
            **{
                "form_class": forms.MultipleChoiceField,
                "choices": self.base_field.choices,
                "widget": forms.CheckboxSelectMultiple,
                "show_hidden_initial": False,
                **kwargs,
            }
        )
