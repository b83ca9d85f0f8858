"""The form of a country, with its tabs.

Every save checks the rules of the treaties, because a draft may be published by schedule.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.permissions import policy_registry

from core.days import today
from core.language import language_codes
from record.choices import Treaty
from record.models import Country
from record.treaties import AMENDMENTS
from record.treaty_rules import effect, violations

# The field beside which the violation of a rule is shown. For all other rules it is the action.
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
    """The treaty actions of a country. Reports every violation of a rule beside the action concerned."""

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
        """Return treaties with an invalid action, which are not checked further: other actions may depend on it."""
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
            # A team could otherwise hand its country to another region.
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


class DayOfEffectPanel(Panel):
    """Shows the day on which an action takes effect, as entered or by the treaty's rule."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "record/staff/day_of_effect.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            action = self.instance
            is_written = bool(action.treaty and action.action and action.date)
            return {
                **context,
                "is_written": is_written,
                "day": effect(action) if is_written else None,
            }


class TreatyActionsPanel(InlinePanel):
    """The treaty actions, checked by `TreatyActionFormSet`."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = TreatyActionFormSet
        return options


_first_language, *_other_languages = language_codes()
name_panels = [
    FieldPanel(f"name_{_first_language}", required_on_save=True),
    *(FieldPanel(f"name_{code}") for code in _other_languages),
]
treaty_action_panels = [
    # Each on its own line: the names of treaties are too long for a row.
    FieldPanel("treaty", required_on_save=True),
    FieldPanel("action", required_on_save=True),
    FieldPanel("date"),
    FieldRowPanel([FieldPanel("source"), FieldPanel("certainty", required_on_save=True)]),
    FieldRowPanel([FieldPanel("effect_override"), FieldPanel("effect_override_reason")]),
    DayOfEffectPanel(heading=_("Takes effect on")),
    FieldPanel("note"),
]
law_panels = [
    FieldRowPanel(
        [
            FieldPanel("kind", required_on_save=True),
            FieldPanel("stage", required_on_save=True),
            FieldPanel("date"),
        ]
    ),
    FieldRowPanel([FieldPanel("coverage"), FieldPanel("gender_provisions")]),
    FieldRowPanel([FieldPanel("title"), FieldPanel("link")]),
    FieldRowPanel([FieldPanel("source"), FieldPanel("as_of"), FieldPanel("certainty")]),
    FieldPanel("note"),
]

edit_handler = TabbedInterface(
    [
        ObjectList(
            [
                HelpPanel(template="record/staff/help_record.html"),
                TreatyActionsPanel(
                    "treaty_actions",
                    heading=_("Treaty actions"),
                    label=_("Treaty action"),
                    panels=treaty_action_panels,
                ),
                FieldPanel("note"),
            ],
            heading=_("Record"),
        ),
        ObjectList(
            [
                HelpPanel(template="record/staff/help_laws.html"),
                InlinePanel("laws", heading=_("Laws"), label=_("Law"), panels=law_panels),
            ],
            heading=_("Laws"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "focus_years",
                    heading=_("Focus years"),
                    label=_("Focus year"),
                    panels=[FieldPanel("year"), FieldPanel("ask")],
                ),
                MultiFieldPanel(
                    [FieldPanel("national_coalition"), FieldPanel("national_coalition_link")],
                    heading=_("National coalition"),
                ),
            ],
            heading=_("Focus and coalition"),
        ),
        ObjectList(
            [
                MultiFieldPanel(
                    [
                        *name_panels,
                        FieldPanel("un_name"),
                    ],
                    heading=_("Names"),
                ),
                FieldRowPanel(
                    [
                        FieldPanel("iso2", required_on_save=True),
                        FieldPanel("iso3", required_on_save=True),
                        FieldPanel("m49", required_on_save=True),
                    ],
                    heading=_("Codes"),
                ),
                FieldRowPanel(
                    [FieldPanel("region", required_on_save=True), FieldPanel("un_group")],
                    heading=_("Groups"),
                ),
            ],
            heading=_("Names and codes"),
        ),
        ObjectList(
            [
                HelpPanel(template="record/staff/help_verification.html"),
                FieldRowPanel(
                    [FieldPanel("verified_on"), FieldPanel("verified_by", read_only=True)],
                    heading=_("Last verified"),
                ),
                FieldPanel("sources"),
            ],
            heading=_("Verification"),
        ),
    ],
    base_form_class=CountryForm,
)
