"""The panel with the size of an issue's audience, in the form of the issue."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.panels import Panel

from .permissions import may_count_subscribers


def summary_of(counts: dict[str, int]) -> str:
    """Return for example "12 readers now: English 8, French 4". `counts` are by language code."""
    number = sum(counts.values())
    total = ngettext("%(number)s reader now", "%(number)s readers now", number)
    total %= {"number": number}
    languages = [f"{name} {counts[code]}" for code, name in settings.LANGUAGES if counts.get(code)]
    if not languages:
        return total
    return _("%(total)s: %(languages)s") % {"total": total, "languages": ", ".join(languages)}


class AudiencePanel(Panel):
    """Shows the size of the saved audience; a script updates it when the choices change."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsletter/staff/audience_panel.html"

        class Media:
            js = ["js/staff/audience.js"]

        def is_shown(self) -> bool:
            return may_count_subscribers(self.request.user)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "summary": summary_of(self.instance.recipients().count_by_language()),
                "address": reverse("newsletter_audience"),
                # If no language is chosen, the audience's languages.
                "published_languages": " ".join(self.instance.published_languages),
            }
