"""A field for any number of choices."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField


class ChoicesField(ArrayField):  # type: ignore[type-arg] # Generic in the stubs only.
    """A list of values of the base field's choices, which editors tick."""

    def formfield(self, **kwargs: Any) -> Any:
        # Past ArrayField, whose form asks for words between commas.
        return super(ArrayField, self).formfield(
            **{
                "form_class": forms.MultipleChoiceField,
                "choices": self.base_field.choices,
                "widget": forms.CheckboxSelectMultiple,
                "show_hidden_initial": False,
                **kwargs,
            }
        )
