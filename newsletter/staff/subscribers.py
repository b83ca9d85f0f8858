"""Subscribers in the admin: list, search, export and inspection. Only people themselves subscribe and unsubscribe."""

import logging
from collections.abc import Iterator
from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button

from campaigns.choices import Topic
from newsletter.choices import SubscriberState
from newsletter.models import ConsentRecord, Subscriber
from newsletter.permissions import EXPORT_SUBSCRIBERS, MANAGE
from record.choices import Region

logger = logging.getLogger(__name__)

# Name of the hook that adds items to the menu of the newsletter: a view set's `menu_hook`, or a registered function.
MENU = "register_newsletter_menu_item"


class SubscriberFilterSet(WagtailFilterSet):
    """Filters by state and choices. Subscribers without a choice match every region and topic."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=SubscriberState)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES)
    region = django_filters.ChoiceFilter(
        label=_("Region"), choices=Region, method="filter_by_interest"
    )
    topic = django_filters.ChoiceFilter(
        label=_("Topic"), choices=Topic, method="filter_by_interest"
    )
    signed_up_at = django_filters.DateFromToRangeFilter(
        label=_("Signed up"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Subscriber
        fields = ["state", "language", "region", "topic", "signed_up_at"]

    def filter_by_interest(
        self, subscribers: QuerySet[Subscriber], name: str, value: str
    ) -> QuerySet[Subscriber]:
        return subscribers.interested_in(**{f"{name}s": [value]})  # type: ignore[attr-defined]


class Unbuffered:
    """Iterates over a queryset without caching its rows, since an export of all subscribers may not fit into memory."""

    def __init__(self, queryset: QuerySet[Subscriber]) -> None:
        self.queryset = queryset
        self.model = queryset.model

    def __len__(self) -> int:
        return self.queryset.count()

    def __iter__(self) -> Iterator[Subscriber]:
        return self.queryset.iterator(chunk_size=2_000)


class SubscriberIndexView(IndexView):
    """Lists subscribers. Exporting them needs a permission of its own."""

    any_permission_required = ["view"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm(EXPORT_SUBSCRIBERS):
            self.list_export: list[str] = []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            if not self.list_export:
                raise PermissionDenied
            logger.info("newsletter.exported", extra={"user": request.user.pk})
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.is_export:
            kwargs["object_list"] = Unbuffered(self.object_list)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context


class SubscriberInspectView(InspectView):
    """Shows a subscriber and the consent records of the address."""

    any_permission_required = ["view"]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.request.user.has_perm(MANAGE):
            return []
        return [
            Button(
                _("Requests of this person"),
                f"{reverse('find_person')}?subscriber={self.object.pk}",
                icon_name="user",
            )
        ]

    def get_regions_display_value(self) -> str:
        return ", ".join(str(Region(region).label) for region in self.object.regions)

    def get_topics_display_value(self) -> str:
        return ", ".join(str(Topic(topic).label) for topic in self.object.topics)

    def get_fields_context(self) -> list[dict[str, Any]]:
        records = ConsentRecord.objects.of_address(self.object.email)
        history = format_html_join(mark_safe("<br>"), "{}", ((record,) for record in records))
        return [
            *super().get_fields_context(),
            {"label": _("Consent"), "value": history, "component": None},
        ]


class SubscriberViewSet(ModelViewSet):
    """Subscribers: list, export and inspection. They are added by sign-ups and imports, never by a form of staff."""

    model = Subscriber
    name = "subscribers"
    icon = "mail"
    menu_label = _("Subscribers")
    menu_order = 200
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = SubscriberIndexView
    inspect_view_class = SubscriberInspectView
    filterset_class = SubscriberFilterSet
    search_fields = ["email"]
    list_per_page = 50
    list_display = [
        TitleColumn("email", url_name="subscribers:inspect", sort_key="email"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("language", label=_("Language"), accessor="get_language_display"),
        DateColumn("signed_up_at", label=_("Signed up"), sort_key="signed_up_at"),
        DateColumn("confirmed_at", label=_("Confirmed"), sort_key="confirmed_at"),
    ]
    list_export = [
        "email",
        "state",
        "language",
        "regions",
        "topics",
        "signed_up_at",
        "confirmed_at",
        "ended_at",
    ]
    export_filename = "subscribers"
    inspect_view_fields = list_export

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]


class NewsletterGroup(ViewSetGroup):
    """The menu of the newsletter, shown to users with at least one of its items."""

    menu_label = _("Newsletter")
    menu_name = "newsletter"
    menu_icon = "mail"
    menu_order = 500
    items = (SubscriberViewSet,)
    submenu_hook = MENU
