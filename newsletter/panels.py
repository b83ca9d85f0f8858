"""How many people an issue is for, in the form of the issue."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.panels import Panel

from .permissions import SEND, VIEW_SUBSCRIBERS

RIGHTS = (VIEW_SUBSCRIBERS, SEND)


def may_count(user: Any) -> bool:
    return any(user.has_perm(right) for right in RIGHTS)


def in_words(counts: dict[str, int]) -> str:
    """ "12 readers now: English 8, French 4". `counts` are by the code of the language."""
    number = sum(counts.values())
    total = ngettext("%(number)s reader now", "%(number)s readers now", number)
    words = total % {"number": number}
    languages = [f"{name} {counts[code]}" for code, name in settings.LANGUAGES if counts.get(code)]
    if not languages:
        return words
    return _("%(total)s: %(languages)s") % {"total": words, "languages": ", ".join(languages)}


class AudiencePanel(Panel):
    """The count as it was saved, which a script keeps up with what is ticked."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsletter/staff/audience_panel.html"

        class Media:
            js = ["js/staff/audience.js"]

        def is_shown(self) -> bool:
            return may_count(self.request.user)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "words": in_words(self.instance.recipients().count_by_language()),
                "address": reverse("newsletter_audience"),
                # Whom it goes to where no language is ticked.
                "published_languages": " ".join(self.instance.published_languages),
            }
