"""Segments in the admin, each with its current number of subscribers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import HelpPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from newsletter.choices import MailingState
from newsletter.models import Mailing, Segment, Subscriber

from .subscribers import MENU


def count_subscribers(segments: Sequence[Segment]) -> dict[int, int]:
    """Count the confirmed subscribers of each segment, by its key. One query for all."""
    if not segments:
        return {}
    first, *others = (
        Subscriber.objects.confirmed()
        .in_audience(segment.audience)
        .order_by()
        .annotate(segment=Value(segment.pk))
        .values("segment")
        .annotate(number=Count("pk"))
        .values_list("segment", "number")
        for segment in segments
    )
    found = dict(first.union(*others, all=True) if others else first)
    return {segment.pk: found.get(segment.pk, 0) for segment in segments}


class SegmentIndexView(IndexView):
    """Lists segments with their numbers of subscribers."""

    def paginate_queryset(
        self, queryset: Any, page_size: int
    ) -> tuple[Any, Any, list[Segment], bool]:
        paginator, page, _found, is_paginated = super().paginate_queryset(queryset, page_size)
        segments = list(page.object_list)
        numbers = count_subscribers(segments)
        for segment in segments:
            segment.number = numbers[segment.pk]
        page.object_list = segments
        return paginator, page, segments, is_paginated


class SegmentDeleteView(DeleteView):
    """Refuses to delete the segment of a mailing that has not started, which would then go to everybody."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waiting = Mailing.objects.filter(
            segment=self.object.pk,
            started_at__isnull=True,
            state__in=[MailingState.SCHEDULED, MailingState.PAUSED],
        )
        if waiting.exists():
            messages.error(request, _("A mailing that has not started goes to this segment."))
            return redirect("segments:edit", self.object.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class AudiencePanel(HelpPanel):
    """Shows the number of subscribers in the saved segment."""

    def __init__(self, heading: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(
            heading=heading,
            **{"template": "newsletter/staff/people_audience_panel.html"} | kwargs,
        )

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(super().is_shown()) and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {
                **super().get_context_data(parent_context),
                "number": count_subscribers([self.instance])[self.instance.pk],
            }


class SegmentViewSet(ModelViewSet):
    """Segments: list, form and menu item."""

    model = Segment
    name = "segments"
    icon = "group"
    menu_label = gettext_lazy("Segments")
    menu_order = 300
    menu_hook = MENU
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = SegmentIndexView
    delete_view_class = SegmentDeleteView
    search_fields = ["name"]
    list_per_page = 25
    list_display = [
        TitleColumn("name", url_name="segments:edit", sort_key="name"),
        Column("number", label=gettext_lazy("Subscribers")),
    ]
    list_filter: list[str] = []
    inspect_view_fields = [
        "name",
        "languages",
        "regions",
        "topics",
        "joined_from",
        "joined_until",
    ]
    edit_handler = ObjectList(
        [AudiencePanel(gettext_lazy("Subscribers in this segment")), *Segment.panels]
    )
