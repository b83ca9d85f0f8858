"""Issues in the Wagtail admin: the count of an audience while it is chosen, and the draft of what is new."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from campaigns.choices import Topic
from newsletter.audience import Audience
from newsletter.models import IssueIndexPage, Segment, Subscriber
from newsletter.panels import in_words, may_count
from record.choices import Region

from .digest import LOG_ACTION, NothingNewError, draft_digest


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


@require_http_methods(["GET", "POST"])
def draft_digest_view(request: HttpRequest, index_id: int) -> HttpResponse:
    """Ask first; then write the draft and lead to its editor."""
    index = get_object_or_404(IssueIndexPage, pk=index_id)
    if not index.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method == "GET":
        context = {
            "index": index,
            "page_title": _("Draft from recent news"),
            "header_icon": "mail",
        }
        return render(request, "newsletter/staff/draft_digest.html", context)
    try:
        issue = draft_digest(index=index, user=request.user)
    except NothingNewError:
        messages.warning(
            request,
            _(
                "There is nothing new since the last issue: no articles were published and the record has not changed."
            ),
        )
        return redirect("wagtailadmin_explore", index.pk)
    messages.success(request, _("Here is a draft of what is new, ready for you to edit."))
    return redirect("wagtailadmin_pages:edit", issue.pk)


@hooks.register("register_admin_urls")
def issue_urls() -> list[URLPattern]:
    return [
        path("newsletter/issues/audience/", audience_view, name="newsletter_audience"),
        path(
            "newsletter/issues/<int:index_id>/digest/",
            draft_digest_view,
            name="newsletter_draft_digest",
        ),
    ]


@hooks.register("register_page_header_buttons")
def draft_digest_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.specific_class is not IssueIndexPage:
        return
    if page.permissions_for_user(user).can_add_subpage():
        yield Button(
            gettext_lazy("Draft from recent news"),
            url=reverse("newsletter_draft_digest", args=[page.pk]),
            icon_name="mail",
            priority=5,
        )


@hooks.register("register_log_actions")
def drafting(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_ACTION, gettext_lazy("Draft from recent news"), gettext_lazy("Drafted from recent news")
    )
