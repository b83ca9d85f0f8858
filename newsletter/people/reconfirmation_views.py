"""Staff ask a part of the subscribers whether they want to stay: first the number is shown, then it is ordered."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core.models import User
from newsletter.choices import MailingKind
from newsletter.models import Mailing

from .forms import ReconfirmationForm
from .reconfirmation import asked, order_reconfirmation, render_reconfirmation

LATEST = 10


class ReconfirmationView(WagtailAdminTemplateMixin, View):
    """The form; what it would do; and, once somebody says so, the order."""

    template_name = "newsletter/staff/people_reconfirmation.html"
    header_icon = "mail"
    page_title = gettext_lazy("Ask subscribers to reconfirm")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=ReconfirmationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReconfirmationForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        segment, confirmed_before = form.order["segment"], form.order["confirmed_before"]
        number = asked(segment=segment, confirmed_before=confirmed_before).count()
        # They agreed to a number: where it has changed since, they are shown the new one.
        if not number or request.POST.get("number") != str(number):
            words = render_reconfirmation(request.LANGUAGE_CODE, form.order["answer_by"])
            return self.show(form=form, order=form.order, number=number, words=words)
        order_reconfirmation(**form.order, user=cast("User", request.user))
        messages.success(request, _("The reconfirmation e-mails are being sent."))
        return redirect("ask_to_stay")

    def show(self, **context: Any) -> HttpResponse:
        mailings = Mailing.objects.filter(kind=MailingKind.RECONFIRMATION)
        latest = mailings.select_related("segment", "ordered_by")[:LATEST]
        return self.render_to_response(self.get_context_data(mailings=latest, **context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ask_to_stay"), "label": self.page_title},
        ]
