"""What staff fill in about people."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core.days import today
from newsletter.models import Segment

from .reconfirmation import DAYS_TO_ANSWER


def a_year_ago() -> date:
    return today() - timedelta(days=365)


def last_day_by_default() -> date:
    return today() + timedelta(days=30)


class ReconfirmationForm(forms.Form):
    """Who is asked whether they want to stay, and until when they may answer. Days are UTC."""

    segment = forms.ModelChoiceField(
        label=_("Segment"),
        queryset=Segment.objects.all(),
        required=False,
        empty_label=_("All subscribers"),
    )
    confirmed_before = forms.DateField(
        label=_("Confirmed before"),
        help_text=_("Anyone who confirmed or reconfirmed on or after this date is not asked."),
        initial=a_year_ago,
        widget=AdminDateInput,
    )
    answer_by = forms.DateField(
        label=_("Answer by"),
        help_text=_("Those who have not answered by this date are unsubscribed."),
        initial=last_day_by_default,
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
        """Of a valid form: what is ordered."""
        return {name: self.cleaned_data[name] for name in self.fields}
