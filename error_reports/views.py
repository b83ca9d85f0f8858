"""The form by which readers report an error. The empty form is the same page for everyone, and cached."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bot_protection import Limit, ProtectedForm, same_origin_only
from core.bot_protection.views import FAILURES, failed, refused
from core.email_addresses import EmailField
from core.language import current_language
from record.models import Country
from regions.country_links import country_urls

from . import services
from .models import Part

HOUR = 60 * 60
MAX_LENGTH = 5_000  # Characters: two printed pages.


class ErrorReportForm(ProtectedForm):
    """The part of the page that is wrong, the correction, and an address for a reply."""

    client_limit = Limit("error-report-client", 10, HOUR)
    site_limit = Limit("error-report-site", 100, HOUR)
    unproven_client_limit = Limit("error-report-client-unproven", 3, HOUR)
    unproven_site_limit = Limit("error-report-site-unproven", 30, HOUR)

    part = forms.ChoiceField(label=gettext_lazy("What is wrong"), choices=Part)
    message = forms.CharField(
        label=gettext_lazy("What should it say, and how do you know?"),
        help_text=gettext_lazy("A link to an official source helps most."),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reply_address = EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Optional, if you would like a reply. We delete it after a year."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


FORM = "error_reports/report_error.html"


@same_origin_only
def report_error_view(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show the form, or store a report. An invalid form is shown again with its errors and all that was typed."""
    if request.method != "POST":
        return render(request, FORM, {**_context(_published(iso3)), "form": ErrorReportForm()})
    try:
        return _receive(request, _published(iso3))
    except FAILURES as failure:
        return failed(request, "core/message_failed.html", failure, event="error_report.failed")


def thanks_view(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show the thanks after a report. The page contains none of it, so it is cached for everyone."""
    country = _published(iso3)
    context = {"title": _("Thank you"), "noindex": True, **_country_context(country)}
    return render(request, "error_reports/report_error_thanks.html", context)


def _published(iso3: str) -> Country:
    country: Country = get_object_or_404(Country.objects.published(), iso3=iso3)
    return country


def _receive(request: HttpRequest, country: Country) -> HttpResponse:
    form = ErrorReportForm(request.POST, request=request)
    if not form.is_valid():
        return refused(request, FORM, form, _context(country))
    services.receive_report(
        country=country,
        part=form.cleaned_data["part"],
        message=form.cleaned_data["message"],
        reply_address=form.cleaned_data["reply_address"],
        language=current_language(),
    )
    return redirect("report_error_thanks", iso3=country.iso3)


def _context(country: Country) -> dict[str, object]:
    return {
        "title": _("Report an error: %(country)s") % {"country": country.name},
        "noindex": True,
        **_country_context(country),
    }


def _country_context(country: Country) -> dict[str, object]:
    urls = country_urls(current_language())
    return {"country": country, "country_url": urls.get(country.iso3, "")}
