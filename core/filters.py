"""Filters in the address of a public page: each may be left open; what is wrong is told in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .plain_text import printable

LARGEST_NUMBER = 2**31 - 1
LONGEST_QUOTE = 40  # characters of what somebody wrote


class ChoiceFilter(forms.ChoiceField):
    """One of a list, or all. What was written in its place is quoted, but not at any length."""

    def __init__(self, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(required=False, choices=[("", _("All")), *choices], **kwargs)

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(
                _("“%(value)s” is not one of the choices."),
                code="invalid_choice",
                params={"value": Truncator(value).chars(LONGEST_QUOTE)},
            )


class DayFilter(forms.DateField):
    """A day, as 2002-07-01, or any."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, input_formats=["%Y-%m-%d"], widget=widget, **kwargs)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                _("“%(value)s” is not a date. Write it as year-month-day, for example 2002-07-01."),
                code="invalid",
                params={"value": Truncator(value).chars(LONGEST_QUOTE)},
            ) from None


class NumberFilter(forms.IntegerField):
    """A number, such as that of a page of the list, or none. Not seen in the form, which keeps it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=1,
            max_value=LARGEST_NUMBER,
            widget=forms.HiddenInput,
            **kwargs,
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

    @property
    def given(self) -> dict[str, Any]:
        """The values that are right, by the name of the parameter; those left open are left out."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, kw_only=True)
class FilterQuery:
    """What an address asks of a list. What was given wrongly is left open and in `errors`.

    `given` holds the values that the address gives, by the name of the parameter.
    """

    form: FilterForm
    given: Mapping[str, Any]

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by the name of the parameter, in the reader's language. Empty if all is well."""
        return self.form.messages

    def urlencode(self, **changes: Any) -> str:
        """Return the query string with some parameters changed, or left out where the value is None. May be empty."""
        values = {**self.given, **changes}
        return urlencode(
            [(name, value) for name in self.form.fields if (value := values.get(name))]
        )
