"""How many people an issue is for, told while its editor chooses them."""

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.choices import Topic
from newsletter.audience import Audience
from newsletter.models import Segment, Subscriber
from newsletter.panels import in_words, may_count
from record.choices import Region


class AudienceForm(forms.Form):
    """What an editor may choose, by the names of the fields of `IssuePage`."""

    languages = forms.MultipleChoiceField(choices=settings.LANGUAGES, required=False)
    regions = forms.MultipleChoiceField(choices=Region.choices, required=False)
    topics = forms.MultipleChoiceField(choices=Topic.choices, required=False)
    segment = forms.ModelChoiceField(queryset=Segment.objects.all(), required=False)

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
    counts = Subscriber.objects.confirmed().in_audience(form.audience).count_by_language()
    return JsonResponse({"counts": counts, "words": in_words(counts)})
