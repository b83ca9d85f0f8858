"""How many people an issue is for, while its editor chooses them."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.panels import Panel

from campaigns.choices import Topic
from newsletter.audience import Audience
from regions.choices import Region

RIGHTS = ("newsletter.view_subscriber", "newsletter.send_mailing")


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


class AudienceForm(forms.Form):
    """What an editor may choose, by the names of the fields of `IssuePage`."""

    languages = forms.MultipleChoiceField(choices=settings.LANGUAGES, required=False)
    regions = forms.MultipleChoiceField(choices=Region.choices, required=False)
    topics = forms.MultipleChoiceField(choices=Topic.choices, required=False)
    segment: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from newsletter.models import Segment  # noqa: PLC0415 - models name the panel below.

        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.all()  # type: ignore[attr-defined]

    @property
    def audience(self) -> Audience:
        segment = self.cleaned_data["segment"]
        return Audience(
            languages=self.cleaned_data["languages"],
            regions=self.cleaned_data["regions"],
            topics=self.cleaned_data["topics"],
            within=segment.audience if segment else None,
        )


@never_cache
@require_safe
def audience_view(request: HttpRequest) -> HttpResponse:
    """The counts for what `languages`, `regions`, `topics` and `segment` choose. 400 for what cannot be chosen."""
    if not may_count(request.user):
        raise PermissionDenied
    form = AudienceForm(request.GET)
    if not form.is_valid():
        # The fault is in the address and not in a body: RFC 9110, section 15.5.1.
        return JsonResponse({"errors": sorted(form.errors)}, status=HTTPStatus.BAD_REQUEST)
    counts = form.audience.count_by_language()
    return JsonResponse({"counts": counts, "words": in_words(counts)})


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
                "words": in_words(self.instance.audience.count_by_language()),
                "address": reverse("newsletter_audience"),
                # Whom it goes to where no language is ticked.
                "published_languages": " ".join(self.instance.published_languages),
            }
