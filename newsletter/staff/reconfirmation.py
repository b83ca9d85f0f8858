"""The page on which staff ask subscribers to reconfirm: it shows their number first, then takes the order."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from core.days import today
from core.models import User
from newsletter.choices import MailingKind
from newsletter.models import Mailing, Segment
from newsletter.people.reconfirmation import (
    DAYS_TO_ANSWER,
    order_reconfirmation,
    render_reconfirmation,
    subscribers_to_ask,
)

LATEST = 10


def year_ago() -> date:
    return today() - timedelta(days=365)


def default_deadline() -> date:
    return today() + timedelta(days=30)


class ReconfirmationForm(forms.Form):
    """The subscribers to ask and the deadline for their answer. Days are UTC."""

    segment = forms.ModelChoiceField(
        label=gettext_lazy("Segment"),
        queryset=Segment.objects.all(),
        required=False,
        empty_label=gettext_lazy("All subscribers"),
    )
    confirmed_before = forms.DateField(
        label=gettext_lazy("Confirmed before"),
        help_text=gettext_lazy(
            "Anyone who confirmed or reconfirmed on or after this date is not asked."
        ),
        initial=year_ago,
        widget=AdminDateInput,
    )
    answer_by = forms.DateField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("Those who have not answered by this date are unsubscribed."),
        initial=default_deadline,
        widget=AdminDateInput,
    )

    def clean_confirmed_before(self) -> date:
        day: date = self.cleaned_data["confirmed_before"]
        if day > today():
            raise ValidationError(_("This date is in the future."))
        return day

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        present_day = today()
        if day < present_day + timedelta(days=DAYS_TO_ANSWER):
            raise ValidationError(
                _("Give them at least %(days)d days."), params={"days": DAYS_TO_ANSWER}
            )
        if day > present_day + timedelta(days=365):
            raise ValidationError(_("This is more than a year away."))
        return day

    @property
    def order(self) -> dict[str, Any]:
        """Return the arguments of `order_reconfirmation` except `user`, from a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}


class ReconfirmationView(WagtailAdminTemplateMixin, View):
    """Shows the form, then its effect, then takes the order."""

    template_name = "newsletter/staff/people_reconfirmation.html"
    header_icon = "mail"
    page_title = gettext_lazy("Ask subscribers to reconfirm")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=ReconfirmationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReconfirmationForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        segment, confirmed_before = form.order["segment"], form.order["confirmed_before"]
        number = subscribers_to_ask(segment=segment, confirmed_before=confirmed_before).count()
        # Staff confirmed a number. If it has changed since, show the new one.
        if not number or request.POST.get("number") != str(number):
            mail = render_reconfirmation(request.LANGUAGE_CODE, form.order["answer_by"])
            return self.show(form=form, order=form.order, number=number, mail=mail)
        order_reconfirmation(**form.order, user=cast("User", request.user))
        messages.success(request, _("The reconfirmation e-mails are being sent."))
        return redirect("ask_to_stay")

    def show(self, **context: Any) -> HttpResponse:
        mailings = Mailing.objects.filter(kind=MailingKind.RECONFIRMATION)
        latest = mailings.select_related("segment", "ordered_by")[:LATEST]
        return self.render_to_response(self.get_context_data(mailings=latest, **context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ask_to_stay"), "label": self.page_title},
        ]
