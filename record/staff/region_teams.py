"""The teams of regions: the form in which a group becomes one, and the menu items by which its members publish.

Wagtail shows its own items only to those who may publish every country.
"""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import policy_registry
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem

from record.choices import Region
from record.models import RegionTeam


class RegionTeamForm(forms.Form):
    """Selects the regions of a group by checkboxes."""

    regions = forms.MultipleChoiceField(
        label=_("Edits and publishes the countries of"),
        choices=Region,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Without “can change country” above, which covers all countries, the group can edit only these."
        ),
    )

    def __init__(self, data: Any = None, files: Any = None, instance: Group | None = None) -> None:
        self.instance = instance or Group()
        initial = {"regions": self._stored()}
        super().__init__(data, files, prefix="region_team", initial=initial)

    def _stored(self) -> list[str]:
        if self.instance.pk is None:
            return []
        teams = RegionTeam.objects.filter(group=self.instance)
        return list(teams.values_list("region", flat=True))

    def as_admin_panel(self) -> str:
        return render_to_string("record/staff/group_panel.html", {"form": self})

    @transaction.atomic
    def save(self) -> None:
        chosen = self.cleaned_data["regions"]
        teams = RegionTeam.objects.filter(group=self.instance)
        teams.exclude(region__in=chosen).delete()
        for region in set(chosen) - set(teams.values_list("region", flat=True)):
            RegionTeam.objects.create(group=self.instance, region=region)


class TeamPublishItem(PublishMenuItem):
    """Publishes, for users who may publish this country but not all countries."""

    def is_shown(self, context: dict[str, Any]) -> bool:
        return _is_for_team(context) and not context.get("locked_for_user")


class TeamUnpublishItem(UnpublishMenuItem):
    """Unpublishes, for the same users."""

    def is_shown(self, context: dict[str, Any]) -> bool:
        is_live = context["view"] == "edit" and context["instance"].live
        return is_live and _is_for_team(context) and not context.get("locked_for_user")


def _is_for_team(context: dict[str, Any]) -> bool:
    user, country = context["request"].user, context.get("instance")
    if country is None:
        return False
    policy = policy_registry.get(country)
    return not policy.holds_everywhere(user, "publish") and policy.user_has_permission_for_instance(
        user, "publish", country
    )
