"""Where readers report errors. The empty form is one page for everybody, and cached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.bot_protection import same_origin_only
from core.bot_protection.answers import FAILURES, failed, refused
from core.language import current_language
from record.models import Country
from regions.country_links import country_urls

from . import services
from .forms import ErrorReportForm

FORM = "error_reports/report_error.html"


@same_origin_only
def report_error_view(request: HttpRequest, iso3: str) -> HttpResponse:
    """The form; what it sends is thanked for, or shown again with what is wrong and all that was typed."""
    if request.method != "POST":
        return render(request, FORM, {**_context(_published(iso3)), "form": ErrorReportForm()})
    try:
        return _receive(request, _published(iso3))
    except FAILURES as failure:
        return failed(request, "core/message_failed.html", failure, event="error_report.failed")


def thanks_view(request: HttpRequest, iso3: str) -> HttpResponse:
    """What happens next. Without a word of the report, so it is one page for everyone."""
    country = _published(iso3)
    context = {"title": _("Thank you"), "noindex": True, **_of(country)}
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
        **_of(country),
    }


def _of(country: Country) -> dict[str, object]:
    urls = country_urls(current_language())
    return {"country": country, "country_url": urls.get(country.iso3, "")}
