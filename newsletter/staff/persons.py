"""Data requests of one person in the admin. Addresses are sent in forms alone, so that no access log holds them."""

import json
import logging
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core.email_addresses import EmailField
from core.models import PersonRequest, User
from core.personal_data.addresses import holds_any_address
from core.personal_data.registry import (
    Entry,
    erase_person,
    export_person,
    find_person,
    section_names,
)
from newsletter.choices import SubscriberState
from newsletter.forms import ChoicesForm
from newsletter.models import Subscriber
from newsletter.models.subscribers import Preferences
from newsletter.people.persons import correct_person, end_subscription
from newsletter.services import email_on_file

logger = logging.getLogger(__name__)

LATEST = 20
REASON_LENGTH: int = PersonRequest._meta.get_field("reason").max_length or 0


class EmailOnFileField(forms.EmailField):
    """An address as stored, including one that earlier rules accepted and today's refuse."""

    default_validators = []

    def clean(self, value: Any) -> str:
        return email_on_file(super().clean(value))


class PersonForm(forms.Form):
    """The search for a person by address."""

    email = EmailOnFileField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The person’s full address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class RequestForm(forms.Form):
    """A request of the person, with its reason."""

    email = EmailOnFileField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
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
    """The corrected address and choices of a subscriber."""

    new_email = EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy(
            "We send a new address a mail to confirm, and no issues until it is confirmed."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    field_order = ["email", "new_email", "language", "regions", "topics", "reason"]


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonView(WagtailAdminTemplateMixin, View):
    """Finds a person, and shows all data kept of them with the possible actions."""

    template_name = "newsletter/staff/person.html"
    header_icon = "user"
    page_title = gettext_lazy("Data requests")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or the person if a link from the list of subscribers gives their key."""
        key = request.GET.get("subscriber", "")
        subscriber = Subscriber.objects.filter(pk=int(key)).first() if _is_number(key) else None
        if subscriber is not None:
            return self.show_person(subscriber.email)
        return self.show(form=PersonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        return self.show_person(form.cleaned_data["email"])

    def show_person(self, email: str, *, bound: Mapping[str, RequestForm] = {}) -> HttpResponse:
        """Show the person. `bound` has the submitted form if it is invalid, by its action."""
        subscriber = Subscriber.objects.with_address(email).first()
        forms: dict[str, RequestForm] = {
            action: RequestForm(initial={"email": email}, auto_id=f"id_{action}_%s")
            for action in ("end", "export", "erase")
        }
        if subscriber is not None:
            forms["correct"] = CorrectionForm(
                initial={"email": email, "new_email": email, **vars(Preferences.of(subscriber))},
                auto_id="id_correct_%s",
            )
        return self.show(
            form=PersonForm(initial={"email": email}),
            person=email,
            subscriber=subscriber,
            has_ended=subscriber is not None
            and subscriber.state in {SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED},
            sections=_as_lines(find_person(email)),
            actions={**forms, **bound},
        )

    def show(self, **context: Any) -> HttpResponse:
        requests = PersonRequest.objects.select_related("made_by")[:LATEST]
        response = self.render_to_response(self.get_context_data(requests=requests, **context))
        add_never_cache_headers(response)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("find_person"), "label": self.page_title},
        ]


class ActionView(PersonView):
    """Takes an action for a person and records its reason; shows the person again if the form is invalid."""

    http_method_names = ["post"]
    action: ClassVar[str]
    form_class: ClassVar[type[RequestForm]] = RequestForm

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST, auto_id=f"id_{self.action}_%s")
        if form.is_valid():
            try:
                return self.act(form, user=cast("User", request.user))
            except ValidationError as error:
                form.add_error(None, error)
        if (
            "email" not in form.cleaned_data
        ):  # The field is hidden, so this was not sent by our form.
            return redirect("find_person")
        # The form is far down a long page, so the field with the error gets the focus.
        first = next((name for name in form.errors if name in form.fields), "reason")
        form.fields[first].widget.attrs["autofocus"] = True
        return self.show_person(form.cleaned_data["email"], bound={self.action: form})

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        raise NotImplementedError

    def done(self, message: str) -> HttpResponse:
        messages.success(self.request, message)
        return redirect("find_person")


class EndView(ActionView):
    """Ends the subscription."""

    action = "end"

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        end_subscription(**form.cleaned_data, user=user)
        return self.done(_("We no longer write to this address."))


class CorrectView(ActionView):
    """Corrects the address and the choices of a subscriber."""

    action = "correct"
    form_class = CorrectionForm

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        data = form.cleaned_data
        correct_person(
            email=data["email"],
            new_email=data["new_email"],
            preferences=cast("CorrectionForm", form).preferences,
            reason=data["reason"],
            user=user,
        )
        return self.done(_("The person’s details have been corrected."))


class ExportView(ActionView):
    """Returns all data kept of the person as a file."""

    action = "export"

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        person = export_person(**form.cleaned_data, user=user)
        text = json.dumps(person, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = 'attachment; filename="person.json"'
        add_never_cache_headers(response)
        return response


class EraseView(ActionView):
    """Erases the person in every app."""

    action = "erase"

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        erase_person(**form.cleaned_data, user=user)
        return self.done(
            _("The person’s data has been erased. No import can bring the address back.")
        )


def _as_lines(person: Mapping[str, list[Entry]]) -> list[tuple[Any, list[str]]]:
    """Return the name of each section that is not empty, with its entries as lines of text."""
    names = section_names()
    return [
        (
            names[section],
            [
                json.dumps(entry, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).strip("{}\n")
                for entry in entries
            ],
        )
        for section, entries in person.items()
        if entries
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
