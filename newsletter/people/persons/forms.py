"""What staff fill in to do something for a person."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.email_addresses import EmailField
from core.models import PersonRequest
from core.personal_data.addresses import holds_any_address
from newsletter.forms import ChoicesForm
from newsletter.services import email_on_file

REASON_LENGTH: int = PersonRequest._meta.get_field("reason").max_length or 0


class EmailOnFileField(forms.EmailField):
    """An address as it is kept, also one that was taken by earlier rules and would be refused today."""

    default_validators = []

    def clean(self, value: Any) -> str:
        return email_on_file(super().clean(value))


class PersonForm(forms.Form):
    """The address by which a person is known."""

    email = EmailOnFileField(
        label=_("E-mail address"),
        help_text=_("The person’s full address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class RequestForm(forms.Form):
    """Something that is done for the person, and why."""

    email = EmailOnFileField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Kept permanently in the request log, so leave out addresses: “Asked by e-mail on 3 March”."
        ),
        max_length=REASON_LENGTH,
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if holds_any_address(reason):
            raise ValidationError(
                _(
                    "Leave out the address: the reason is kept after the person’s data has been erased."
                )
            )
        return reason


class CorrectionForm(RequestForm, ChoicesForm):
    """What is right of a subscriber."""

    new_email = EmailField(
        label=_("E-mail address"),
        help_text=_(
            "We ask a new address by e-mail to confirm, and send it no issues until it has."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    field_order = ["email", "new_email", "language", "regions", "topics", "reason"]
