"""Filters in the address of a public page: each may be left open; what is wrong is told in the reader's language."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class ChoiceFilter(forms.ChoiceField):
    """One of a list, or all. What was written in its place is quoted, but not at any length."""

    def __init__(self, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(required=False, choices=[("", _("All")), *choices], **kwargs)

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(
                _("“%(value)s” is not one of the choices."),
                code="invalid_choice",
                params={"value": Truncator(value).chars(40)},
            )


class FilterForm(forms.Form):
    """What an address asks for. Each name may stand once; characters that cannot be seen are refused."""

    def __init__(self, params: QueryDict) -> None:
        # Unseen characters are named below, and given back to nobody's page.
        super().__init__({name: printable(str(value)) for name, value in params.items()})
        self.params = params

    def clean(self) -> None:
        for name in self.fields:
            values = self.params.getlist(name)
            if len(values) > 1:
                message = ngettext(
                    "Only one value is allowed here, not %(number)s.",
                    "Only one value is allowed here, not %(number)s.",
                    len(values),
                )
                self.add_error(name, message % {"number": len(values)})
            elif any(printable(value) != value for value in values):
                self.add_error(name, _("Remove the invisible characters."))

    @property
    def messages(self) -> dict[str, list[str]]:
        """What is wrong, by the name of the parameter. Empty if all is well."""
        return {name: [str(error) for error in errors] for name, errors in self.errors.items()}


def printable(text: str) -> str:
    """The text without control characters, lone surrogates and what stands for no character."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cs", "Cn"})
