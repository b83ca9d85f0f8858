"""Filters in the query string of a public page. All are optional; errors are in the reader's language."""

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
LONGEST_QUOTE = 40  # characters of an invalid value in its error message


class ChoiceFilter(forms.ChoiceField):
    """One of the choices, or all. The error message quotes an invalid value, shortened."""

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
    """A date such as 2002-07-01, or any."""

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
    """A positive number, such as that of a page of the list, or none. A hidden field of the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=1,
            max_value=LARGEST_NUMBER,
            widget=forms.HiddenInput,
            **kwargs,
        )


class FilterForm(forms.Form):
    """The filters of an address. Repeated parameters and invisible characters are errors."""

    def __init__(self, params: QueryDict) -> None:
        # `clean` reports invisible characters; the page must not repeat them.
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
        """Return the error messages by the name of the parameter. Empty if there are none."""
        return {name: [str(error) for error in errors] for name, errors in self.errors.items()}

    @property
    def given(self) -> dict[str, Any]:
        """Return the valid values by the name of the parameter, without empty ones."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, kw_only=True)
class FilterQuery:
    """The filters of a list, read from an address. Invalid ones are not applied and are in `errors`.

    `given` holds the valid values by the name of the parameter.
    """

    form: FilterForm
    given: Mapping[str, Any]

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return the error messages by the name of the parameter, in the reader's language. Empty if there are none."""
        return self.form.messages

    def urlencode(self, **changes: Any) -> str:
        """Return the query string with some parameters changed, or removed if the value is None. May be empty."""
        values = {**self.given, **changes}
        return urlencode(
            [(name, value) for name in self.form.fields if (value := values.get(name))]
        )
