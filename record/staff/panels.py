"""The tabs of a country's form."""

from typing import Any

from django.utils.translation import gettext_lazy as _
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

from record.treaty_rules import effect

from .country_form import CountryForm, TreatyActionFormSet


class DayOfEffectPanel(Panel):
    """Tells from which day an action has effect, by its own word or by the treaty's rule."""

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
    """The treaty actions, in the order of their days, under the treaties' rules."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = TreatyActionFormSet
        return options


treaty_action_panels = [
    # Each on its own line: the names are long, and a row would run out of the window.
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
                        FieldPanel("name_en", required_on_save=True),
                        FieldPanel("name_fr"),
                        FieldPanel("name_es"),
                        FieldPanel("name_ar"),
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
