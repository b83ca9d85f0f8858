"""One person in the admin. The address is sent in forms alone, so that it stands in no log of addresses."""

import json
import logging
from collections.abc import Mapping
from typing import Any, ClassVar, cast

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

from core.models import PersonRequest, User
from core.personal_data.registry import (
    Entry,
    erase_person,
    export_person,
    find_person,
    section_names,
)
from newsletter.choices import SubscriberState
from newsletter.models import Subscriber
from newsletter.preferences import Preferences

from .forms import CorrectionForm, PersonForm, RequestForm
from .services import correct_person, end_subscription

logger = logging.getLogger(__name__)

LATEST = 20


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonView(WagtailAdminTemplateMixin, View):
    """Finds a person, and shows everything that is kept of them with what can be done."""

    template_name = "newsletter/staff/person.html"
    header_icon = "user"
    page_title = gettext_lazy("Data requests")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form; or the person, where a link from the list of subscribers names one by key."""
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
        """Show the person; `bound` holds a form that was sent and is not valid, by its action."""
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
            sections=_in_words(find_person(email)),
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
    """Does one thing for a person and logs why; shows the person again where the form is not valid."""

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
        if "email" not in form.cleaned_data:  # Of a hidden field: the form was not ours.
            return redirect("find_person")
        # The form stands far down a long page, whose top says nothing of it: go to the field.
        first = next((name for name in form.errors if name in form.fields), "reason")
        form.fields[first].widget.attrs["autofocus"] = True
        return self.show_person(form.cleaned_data["email"], bound={self.action: form})

    def act(self, form: RequestForm, *, user: User) -> HttpResponse:
        raise NotImplementedError

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
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
    """Gives everything that is kept of the person as a file."""

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


def _in_words(person: Mapping[str, list[Entry]]) -> list[tuple[Any, list[str]]]:
    """Return the sections that hold something, named in words, each entry as lines of text."""
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
