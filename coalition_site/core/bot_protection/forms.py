"""What a public form extends."""

from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .clients import client_address
from .limits import Limit
from .proof_of_work import Proof, read_proof

# Seconds between the first touch of the form and its sending. The script waits as long before it sends the form,
# so a person never meets this limit.
MINIMUM_AGE = 2


class ProtectedForm(forms.Form):
    """A form that bots find hard to send. Give it the request when it is bound.

    Limits are counted once all else is right, so a person who corrects a field is not counted twice. What comes
    without proof of work has stricter limits of its own: bots cannot use up those of people with JavaScript.
    """

    # Limits for each client, and for the whole site, with a proof of work and without.
    client_limit: ClassVar[Limit]
    site_limit: ClassVar[Limit]
    unproven_client_limit: ClassVar[Limit]
    unproven_site_limit: ClassVar[Limit]

    # A name that bots like to fill in. Out of sight, out of the tab order, and said to be empty to all who hear it.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    proof = forms.CharField(required=False, widget=forms.HiddenInput)
    minimum_age: ClassVar[int] = MINIMUM_AGE  # For the template.

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.exceeded_limit: Limit | None = None

    @property
    def refusal_status(self) -> int:
        """The status of the answer to a form that is not valid."""
        if self.exceeded_limit:
            return HTTPStatus.TOO_MANY_REQUESTS
        return HTTPStatus.UNPROCESSABLE_ENTITY

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or {}
        proof = read_proof(cleaned_data.pop("proof", ""))
        if cleaned_data.pop("website", ""):
            # Said openly: the field may have been filled in by a person's browser.
            raise forms.ValidationError(
                _(
                    "Please send the form again, and leave the field “Leave this field empty” empty."
                ),
                code="honeypot",
            )
        if proof and proof.age < MINIMUM_AGE:
            raise forms.ValidationError(
                _("That was faster than we can check. Please send the form again."),
                code="too_fast",
            )
        if not self.errors:
            self._count(proof)
        return cleaned_data

    def _count(self, proof: Proof | None) -> None:
        if self.request is None:
            raise TypeError(f"{type(self).__name__} needs the request to count what is sent")
        if proof and proof.spend():
            limits = self.client_limit, self.site_limit
        else:
            limits = self.unproven_client_limit, self.unproven_site_limit
        for limit, subject in zip(limits, (client_address(self.request), ""), strict=True):
            if not limit.allows(subject):
                self.exceeded_limit = limit
                raise forms.ValidationError(
                    _("Too many forms were sent in a short time. Please try again later."),
                    code="too_many",
                )
