"""How a mailing goes, and what staff can do about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from newsletter.mailings import services
from newsletter.mailings.figures import Figures
from newsletter.models import Mailing
from newsletter.states import Action

from .rights import SendersOnly


def progress_view(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """Render the figures alone, for the script that refreshes them while they change."""
    mailing = get_object_or_404(Mailing, pk=mailing_id)
    context = _figures_of(mailing)
    response = render(request, "newsletter/staff/progress.html", context)
    # The page is loaded whole once there is something else to do.
    response["X-Mailing-State"] = mailing.state
    return response


class MailingView(SendersOnly, WagtailAdminTemplateMixin, View):
    """One mailing."""

    template_name = "newsletter/staff/mailing.html"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mailings = Mailing.objects.select_related("page", "ordered_by", "segment")
        self.mailing = get_object_or_404(mailings, pk=kwargs["mailing_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**_figures_of(self.mailing)))

    def post(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        """Do what the pressed button says."""
        action = request.POST.get("action", "")
        try:
            done = self._do(action)
        except services.MailingRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect("newsletter_mailing", mailing_id)
        if done is None:
            messages.error(request, _("Unknown action."))
            return redirect("newsletter_mailing", mailing_id)
        log(instance=self.mailing, action=f"newsletter.{action}", user=request.user)
        messages.success(request, done)
        if not Mailing.objects.filter(pk=mailing_id).exists():
            return redirect("newsletter_issues")
        return redirect("newsletter_mailing", mailing_id)

    def _do(self, action: str) -> str | None:
        """Do it; return what was done, in words. None for an unknown action."""
        match action:
            case Action.PAUSE:
                services.pause(mailing_id=self.mailing.pk)
                return _("Paused. Messages already handed over are on their way.")
            case Action.RESUME:
                services.resume(mailing_id=self.mailing.pk)
                return _("Sending has resumed.")
            case Action.CANCEL:
                if services.cancel(mailing_id=self.mailing.pk):
                    return _("Cancelled before sending: nothing was sent.")
                return _("Cancelled. Nobody else will receive it.")
            case Action.RESEND:
                count = services.resend_uncertain(mailing_id=self.mailing.pk)
                done = ngettext(
                    "%(number)d e-mail will be sent again.",
                    "%(number)d e-mails will be sent again.",
                    count,
                )
                return done % {"number": count}
        return None

    def get_page_title(self) -> str:
        return self.mailing.subject

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        issues = {"url": reverse("newsletter_issues"), "label": _("Issues")}
        return [*self.breadcrumbs_items, issues, {"url": "", "label": self.mailing.subject}]


def _figures_of(mailing: Mailing) -> dict[str, Any]:
    return {
        "mailing": mailing,
        "figures": Figures(mailing),
    }
