"""The notice to staff that the site holds its mail, and the page on which one of them releases it."""

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogActionRegistry

from . import services
from .services import RELEASE


class MailHoldPanel(Component):
    """On the first page of the admin, above all else, for everybody. One query, and one more while mail is held."""

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
    """Says why nothing is sent and what waits; a confirmed POST lets it go."""

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


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [path("mail-hold/", MailHoldView.as_view(), name="mail_hold")]


@hooks.register("register_permissions")
def right() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    return Permission.objects.filter(content_type__app_label="core", codename="release_mail")


@hooks.register("register_log_actions")
def log_release(actions: LogActionRegistry) -> None:
    actions.register_action(
        RELEASE,
        gettext_lazy("Allow a restored site to send mail"),
        gettext_lazy("Release held mail"),
    )


@hooks.register("construct_homepage_panels")
def mail_hold_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(MailHoldPanel())
