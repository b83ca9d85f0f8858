"""Mailings in the admin: progress, actions, and the settlement of uncertain deliveries."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from newsletter.choices import MailingState
from newsletter.mailings import services
from newsletter.mailings.figures import Figures
from newsletter.models import Delivery, Mailing
from newsletter.permissions import VIEW_SUBSCRIBERS, SendersOnly
from newsletter.states import Action

MOST_SHOWN = 5  # mailings on the home page of the admin
LARGEST_LIST = 50 * 1024 * 1024  # bytes
PER_PAGE = 50


def progress_view(request: HttpRequest, mailing_id: int) -> HttpResponse:
    """Render only the figures, for the script that refreshes them."""
    mailing = get_object_or_404(Mailing, pk=mailing_id)
    context = _figures_of(mailing)
    response = render(request, "newsletter/staff/progress.html", context)
    # The script reloads the page when the state changes, since other actions are available then.
    response["X-Mailing-State"] = mailing.state
    return response


class MailingView(SendersOnly, WagtailAdminTemplateMixin, View):
    """Shows the progress of a mailing, and takes the actions of staff."""

    template_name = "newsletter/staff/mailing.html"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mailings = Mailing.objects.select_related("page", "ordered_by", "segment")
        self.mailing = get_object_or_404(mailings, pk=kwargs["mailing_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**_figures_of(self.mailing)))

    def post(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        """Take the action of the pressed button."""
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
        """Take an action and return the success message; None for an unknown action."""
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
    return {"mailing": mailing, "figures": Figures(mailing)}


class MailingsPanel(Component):
    """Lists mailings that have not ended or have uncertain deliveries, on the home page of the admin. One query."""

    name = "mailings"
    template_name = "newsletter/staff/home_panel.html"
    order = 140

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        uncertain = Delivery.objects.filter(mailing=OuterRef("pk")).uncertain()
        mailings = Mailing.objects.annotate(has_uncertain=Exists(uncertain)).filter(
            Q(pk__in=Mailing.objects.cancellable()) | Q(state=MailingState.SENT, has_uncertain=True)
        )
        return {"mailings": mailings[:MOST_SHOWN]}


class ListForm(forms.Form):
    """The upload of a list of messages that the mail provider accepted."""

    file = forms.FileField(
        label=gettext_lazy("Mail provider’s list"),
        help_text=gettext_lazy(
            "A CSV or text file of the messages it has accepted since the mailing began. Message-IDs "
            "are matched first, then addresses, in any column."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_LIST:
            raise ValidationError(_("The file has more than 50 MB."))
        return file


class UncertainView(SendersOnly, WagtailAdminTemplateMixin, View):
    """Settles the uncertain deliveries of a mailing, one by one or by a list from the provider."""

    template_name = "newsletter/staff/uncertain.html"
    page_title = gettext_lazy("Uncertain deliveries")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.mailing = get_object_or_404(Mailing, pk=kwargs["mailing_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        return self._show(ListForm())

    def post(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        """Apply an uploaded list, or take the action of the button beside a delivery."""
        if "list" in request.POST:
            form = ListForm(request.POST, request.FILES)
            if not form.is_valid():
                return self._show(form, status=422)
            content = form.cleaned_data["file"].read().decode("utf-8", errors="replace")
            self._report(services.settle_by_list(mailing_id=mailing_id, content=content))
            return redirect("newsletter_uncertain", mailing_id)
        chosen = [
            (action, int(request.POST[action]))
            for action in (Action.MARK_SENT, Action.RESEND)
            if request.POST.get(action, "").isdecimal()
        ]
        if len(chosen) != 1:
            messages.error(request, _("Unknown action."))
            return redirect("newsletter_uncertain", mailing_id)
        [(action, delivery_id)] = chosen
        try:
            self._settle(action, delivery_id)
        except services.MailingRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("newsletter_uncertain", mailing_id)

    def _settle(self, action: Action, delivery_id: int) -> None:
        mailing_id = self.mailing.pk
        if action == Action.MARK_SENT:
            self._report(services.mark_sent(mailing_id=mailing_id, delivery_ids=[delivery_id]))
            return
        count = services.resend_uncertain(mailing_id=mailing_id, delivery_id=delivery_id)
        done = ngettext(
            "%(number)d e-mail will be sent again.", "%(number)d e-mails will be sent again.", count
        )
        messages.success(self.request, done % {"number": count})
        log(instance=self.mailing, action="newsletter.resend", user=self.request.user)

    def _report(self, count: int) -> None:
        done = ngettext(
            "%(number)d e-mail is marked as sent.",
            "%(number)d e-mails are marked as sent.",
            count,
        )
        messages.success(self.request, done % {"number": count})
        log(
            instance=self.mailing,
            action="newsletter.settle",
            user=self.request.user,
            data={"count": count},
        )

    def _show(self, form: ListForm, *, status: int = 200) -> HttpResponse:
        uncertain = Delivery.objects.filter(mailing=self.mailing).uncertain()
        page = Paginator(uncertain.select_related("subscriber"), PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        context = self.get_context_data(
            mailing=self.mailing,
            form=form,
            page=page,
            may_see_addresses=self.request.user.has_perm(VIEW_SUBSCRIBERS),
        )
        return self.render_to_response(context, status=status)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        mailing = reverse("newsletter_mailing", args=[self.mailing.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("newsletter_issues"), "label": _("Issues")},
            {"url": mailing, "label": self.mailing.subject},
            {"url": "", "label": str(self.page_title)},
        ]
