"""Where messages of contact pages are sent. The page itself is cached for everybody, so it takes none."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control

from core.bot_protection import same_origin_only
from core.database.failures import FAILURES, log_failure

from . import services
from .forms import ContactForm
from .models import ContactPage

logger = logging.getLogger(__name__)


@same_origin_only
def receive_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take a message: thanks, or the form again with what is wrong and all that was typed."""
    try:
        page = _published(page_id)
        if request.method != "POST":  # Somebody reloads, or copies the address.
            return redirect(page.get_url(request))
        form = page.get_form(request.POST, request=request, page=page)
        if not form.is_valid():
            return _refuse(request, page, form)
        services.receive_message(page=page, answers=form.answers)
    except FAILURES as failure:
        log_failure(logger, "contact.failed", failure)
        return render(request, "contact/contact_failed.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return redirect("contact_thanks", page_id=page_id)


def thanks_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """What happens next. Without a word of the message, so it is one page for everyone."""
    page = _published(page_id)
    return render(
        request, page.landing_page_template, page.get_context(request) | {"noindex": True}
    )


def _published(page_id: int) -> ContactPage:
    page: ContactPage = get_object_or_404(ContactPage.objects.live().public(), pk=page_id)
    return page


def _refuse(request: HttpRequest, page: ContactPage, form: ContactForm) -> HttpResponse:
    context = page.get_context(request) | {"form": form}
    response = render(request, page.get_template(request), context, status=form.refusal_status)
    patch_cache_control(response, private=True, no_store=True)
    if form.exceeded_limit:
        response["Retry-After"] = str(form.exceeded_limit.retry_after)
    return response
