"""The notice in the admin that mail is on hold, and the page on which a user releases it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from . import services


class MailHoldPanel(Component):
    """The notice at the top of the admin's home page, for all staff. One query, and another while mail is held."""

    name = "mail_hold"
    template_name = "core/staff/mail_hold_panel.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        if not services.is_held():
            return {"is_held": False}
        user = parent_context["request"].user
        return {
            "is_held": True,
            "number": sum(services.waiting_jobs().values()),
            "may_release": user.has_perm(services.RELEASE),
        }


class MailHoldView(WagtailAdminTemplateMixin, View):
    """Shows why no mail is sent and what is waiting. A confirmed POST releases it."""

    template_name = "core/staff/mail_hold.html"
    page_title = gettext_lazy("Mail is on hold")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(services.RELEASE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        if "confirmed" not in request.POST:
            messages.error(request, _("Tick the box to confirm."))
            return self._show(status=422)
        if services.release(user=request.user):  # type: ignore[arg-type]
            messages.success(request, _("This site now sends mail."))
        return redirect("wagtailadmin_home")

    def _show(self, *, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            is_held=services.is_held(), waiting=services.waiting_jobs().items()
        )
        return self.render_to_response(context, status=status)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": reverse("mail_hold"), "label": str(self.page_title)}
        return [*self.breadcrumbs_items, here]
