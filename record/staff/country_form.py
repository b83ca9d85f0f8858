"""The form of a country: the treaties' rules are checked on every save, since a draft may be published by schedule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.permissions import policy_registry

from core.days import today
from record.choices import Treaty
from record.models import Country
from record.treaties import AMENDMENTS
from record.treaty_rules import violations

# Beside which field the violation of a rule is shown: the action, where it is not one of these.
FIELDS_OF_RULES = {
    "future": "date",
    "before_adoption": "date",
    "signature_closed": "date",
    "ratification_before_signature": "date",
    "succession_without_day": "effect_override",
    "effect_before_deposit": "effect_override",
    "withdrawal_within_a_year": "effect_override",
}
READ_BY_RULES = {"treaty", "action", "date", "effect_override"}


class TreatyActionFormSet(BaseChildFormSet):
    """The treaty actions of a country, of which every broken rule is told at once, beside its action."""

    def clean(self) -> None:
        super().clean()
        forms = {id(form.instance): form for form in self.forms if self._counts(form)}
        unread = self._treaties_unread(forms.values())
        actions = [form.instance for form in forms.values() if form.instance.treaty not in unread]
        for violation in violations(actions, today=today()):
            form = forms[id(violation.act)]
            form.add_error(FIELDS_OF_RULES.get(violation.rule, "action"), violation.message)

    def _counts(self, form: Any) -> bool:
        if self._should_delete_form(form):
            return False
        return form.has_changed() or not form.empty_permitted

    def _treaties_unread(self, forms: Any) -> set[str]:
        """Treaties with an action that cannot be read: its own error stands beside it, and the rest may hang on it."""
        unread = {form.instance.treaty for form in forms if READ_BY_RULES & form.errors.keys()}
        if not unread <= set(Treaty):
            return set(Treaty)
        return unread | AMENDMENTS if Treaty.ROME_STATUTE in unread else unread


class CountryForm(WagtailAdminModelForm):
    """A country with its actions, laws and focus years."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(Country)
        if self.for_user and not policy.holds_everywhere(self.for_user, "change"):
            # It would take the country out of the team's hands, or into another's.
            self.fields["region"].disabled = True

    def clean_verified_on(self) -> Any:
        day = self.cleaned_data["verified_on"]
        if day and day > today():
            raise forms.ValidationError(_("The date is in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "verified_on" in self.changed_data:
            self.instance.verified_by = self.for_user if cleaned.get("verified_on") else None
        return cleaned
