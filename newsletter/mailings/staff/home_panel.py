"""Mailings that are on their way or wait for a person, on the first page of the admin."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from wagtail.admin.ui.components import Component

from newsletter.choices import MailingState
from newsletter.models import Delivery, Mailing

MOST_SHOWN = 5


class MailingsPanel(Component):
    """One query."""

    name = "mailings"
    template_name = "newsletter/staff/home_panel.html"
    order = 140

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        uncertain = Delivery.objects.filter(mailing=OuterRef("pk")).uncertain()
        mailings = Mailing.objects.annotate(has_uncertain=Exists(uncertain)).filter(
            Q(pk__in=Mailing.objects.cancellable()) | Q(state=MailingState.SENT, has_uncertain=True)
        )
        return {"mailings": mailings[:MOST_SHOWN]}
