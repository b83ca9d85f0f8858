"""The page on which staff settle uncertain deliveries, which may or may not have gone out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from newsletter.mailings import services
from newsletter.mailings.uncertain import mark_arrived, settle_by_list
from newsletter.models import Delivery, Mailing
from newsletter.permissions import VIEW_SUBSCRIBERS
from newsletter.states import Action

from .rights import SendersOnly

LARGEST_LIST = 50 * 1024 * 1024
ON_A_PAGE = 50


class ListForm(forms.Form):
    """What the mail provider took, as a file."""

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
    """The uncertain deliveries of a mailing: one by one, or all that a provider's list names."""

    template_name = "newsletter/staff/uncertain.html"
    page_title = gettext_lazy("Uncertain deliveries")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.mailing = get_object_or_404(Mailing, pk=kwargs["mailing_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        return self._show(ListForm())

    def post(self, request: HttpRequest, mailing_id: int) -> HttpResponse:
        """Read a list, or do what the button beside a delivery says."""
        if "list" in request.POST:
            form = ListForm(request.POST, request.FILES)
            if not form.is_valid():
                return self._show(form, status=422)
            content = form.cleaned_data["file"].read().decode("utf-8", errors="replace")
            self._report(settle_by_list(mailing_id=mailing_id, content=content))
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
            self._report(mark_arrived(mailing_id=mailing_id, delivery_ids=[delivery_id]))
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
        page = Paginator(uncertain.select_related("subscriber"), ON_A_PAGE).get_page(
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
