"""Marks the whole record of a country as verified today."""

import logging
from typing import Any, cast

from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin

from core.days import today
from core.models import User
from record.models import Country

from .country_views import OfOwnRegion

logger = logging.getLogger(__name__)
LOG_ACTION = "record.verify"


class NotPublishedAsIsError(Exception):
    """The country is locked, or has a draft newer than its published version."""


@transaction.atomic
def verify(*, country: Country, user: User) -> None:
    """Set the day of verification to today, and publish that. Raises `NotPublishedAsIsError`."""
    lock = country.get_lock()
    if not country.live or country.has_unpublished_changes or (lock and lock.for_user(user)):
        raise NotPublishedAsIsError
    country.verified_on = today()
    country.verified_by = user
    country.save_revision(user=user).publish(user=user, log_action=LOG_ACTION)
    logger.info("country.verified", extra={"country": country.pk, "user": user.pk})


class VerifyView(OfOwnRegion, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks for confirmation, then marks the country as verified."""

    model = Country
    page_title = gettext_lazy("Mark as verified today")
    header_icon = "check"
    template_name = "record/staff/confirm_verification.html"
    permission_required = "publish"
    edit_url_name = ""
    index_url_name = ""

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_edit_url(self) -> str:
        return reverse(self.edit_url_name, args=[quote(self.object.pk)])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Countries")},
            {"url": self.get_edit_url(), "label": str(self.object)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "country": self.object, "edit_url": self.get_edit_url()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            verify(country=self.object, user=cast("User", request.user))
        except NotPublishedAsIsError:
            messages.error(
                request,
                _(
                    "%(country)s has unpublished changes or is locked. Publish them with the day of "
                    "verification instead."
                )
                % {"country": self.object},
            )
        else:
            messages.success(
                request, _("%(country)s is marked as verified today.") % {"country": self.object}
            )
        return redirect(self.get_edit_url())
