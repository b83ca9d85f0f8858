"""The base class of public forms."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .limits import Limit, client_address
from .proof_of_work import Proof, raise_cost, read_proof

# Seconds from the first input in a form until it is sent. The script waits as long before it sends the form. A younger
# proof counts as none, and the form is not refused: the clocks of two servers may differ.
MINIMUM_AGE = 2


class ProtectedForm(forms.Form):
    """A form that is hard for bots to send. Bind it with the request.

    A form counts towards its limits once all other checks pass, so a person who corrects a field is not counted twice.
    Forms without proof of work have their own, stricter limits: bots cannot use up those of people with JavaScript.

    A form that `stays_open` is not refused because of others. Beyond the limits for the whole site, the proof of work
    costs more, and the mail that answers a form without one is delayed: see `delay`.
    """

    # Limits for each client, and for the whole site, with a proof of work and without.
    client_limit: ClassVar[Limit]
    site_limit: ClassVar[Limit]
    unproven_client_limit: ClassVar[Limit]
    unproven_site_limit: ClassVar[Limit]
    stays_open: ClassVar[bool] = False

    # The honeypot: bots fill in this name. It is hidden, out of the tab order, and its label is for screen readers.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    proof = forms.CharField(required=False, widget=forms.HiddenInput)
    minimum_age: ClassVar[int] = MINIMUM_AGE  # Used by the template.

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.exceeded_limit: Limit | None = None
        # By how much to delay the mail that answers a valid form.
        self.delay = timedelta()

    @property
    def refusal_status(self) -> int:
        """Return the HTTP status of the response to an invalid form."""
        if self.exceeded_limit:
            return HTTPStatus.TOO_MANY_REQUESTS
        return HTTPStatus.UNPROCESSABLE_ENTITY

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or {}
        proof = read_proof(cleaned_data.pop("proof", ""))
        if cleaned_data.pop("website", ""):
            # An error rather than silence, because a person's browser may have filled the field in.
            raise forms.ValidationError(
                _(
                    "Please send the form again, and leave the field “Leave this field empty” empty."
                ),
                code="honeypot",
            )
        if not self.errors:
            self._count(proof)
        return cleaned_data

    def _count(self, proof: Proof | None) -> None:
        if self.request is None:
            raise TypeError(f"{type(self).__name__} needs the request to count what is sent")
        is_proven = bool(
            proof and proof.age >= MINIMUM_AGE and proof.is_worth_its_cost and proof.spend()
        )
        if is_proven:
            client_limit, site_limit = self.client_limit, self.site_limit
        else:
            client_limit, site_limit = self.unproven_client_limit, self.unproven_site_limit
        if not client_limit.allows(client_address(self.request)):
            self._refuse(client_limit)
        count = site_limit.add()
        if count <= site_limit.count:
            return
        if not self.stays_open:
            self._refuse(site_limit)
        if is_proven:
            raise_cost((count - 1) // site_limit.count)
        else:
            self.delay = timedelta(seconds=site_limit.wait_for_turn())

    def _refuse(self, limit: Limit) -> NoReturn:
        self.exceeded_limit = limit
        raise forms.ValidationError(
            _("Too many forms were sent in a short time. Please try again later."),
            code="too_many",
        )
