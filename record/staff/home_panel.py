"""The work to do on the record, on the home page of the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from core.days import today
from record.models import Country

from .country_list import to_do


class RecordPanel(Component):
    """Counts the tasks about countries that the user may edit, with links. Three queries, and those of the hooks.

    Other apps add tasks by the hook `construct_record_tasks`, which takes the list and the day.
    """

    name = "record"
    template_name = "record/staff/home_panel.html"
    order = 150

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        day = today()
        policy = policy_registry.get_by_type(Country)
        countries = policy.instances_user_has_permission_for(self.request.user, "change")
        kinds = {
            "unverified": _("countries with facts to be verified"),
            "outdated": _("countries not verified for a year"),
            "drafts": _("countries with unpublished changes"),
        }
        countries = countries.for_staff(day)
        listing = reverse("wagtailsnippets_record_country:list")
        tasks = [
            {
                "number": countries.filter(to_do(kind)).count(),
                "text": text,
                "url": f"{listing}?{urlencode({'to_do': kind})}",
            }
            for kind, text in kinds.items()
        ]
        for add_tasks in hooks.get_hooks("construct_record_tasks"):
            add_tasks(tasks, day)
        return {"tasks": [task for task in tasks if task["number"]]}
