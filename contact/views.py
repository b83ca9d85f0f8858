"""Receives messages from contact pages. The pages themselves are cached for everyone and accept no POST."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.bot_protection import same_origin_only
from core.bot_protection.views import FAILURES, failed, refused

from . import services
from .models import ContactPage


@same_origin_only
def receive_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Store a message and redirect to the thanks, or show the form again with its errors and all that was typed."""
    try:
        page = _published(page_id)
        if request.method != "POST":  # The user reloaded the page or opened its address.
            return redirect(page.get_url(request))
        form = page.get_form(request.POST, request=request, page=page)
        if not form.is_valid():
            return refused(request, page.get_template(request), form, page.get_context(request))
        services.receive_message(page=page, answers=form.answers)
    except FAILURES as failure:
        return failed(request, "core/message_failed.html", failure, event="contact.failed")
    return redirect("contact_thanks", page_id=page_id)


def thanks_view(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the thanks after a message. The page contains none of it, so it is cached for everyone."""
    page = _published(page_id)
    return render(
        request, page.landing_page_template, page.get_context(request) | {"noindex": True}
    )


def _published(page_id: int) -> ContactPage:
    page: ContactPage = get_object_or_404(ContactPage.objects.live().public(), pk=page_id)
    return page
