"""The public pages of the yearly reports, for those that are frozen and published."""

from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.language import current_language
from regions.country_links import country_urls
from tracker.models import YearlyReport
from tracker.views import PARENTS

from .contents import Contents
from .libraries import missing_libraries
from .services import current_file, order_file

# Printing takes some seconds, and other reports may be waiting.
SECONDS_UNTIL_MADE = 60


def index_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/report/` with the reports, latest first."""
    reports = YearlyReport.objects.for_readers(current_language())
    context = {
        "title": _("Yearly reports"),
        "parents": PARENTS,
        "description": _("Ratification and implementation of the Rome Statute, year by year."),
        "reports": reports,
    }
    return render(request, "tracker/report/index.html", context)


def report_view(request: HttpRequest, year: int) -> HttpResponse:
    """Respond at `/tracker/report/2026/` with the frozen report of a year and its errata."""
    report = _report(year)
    language = current_language()
    contents = Contents(report.record.data, language=language, urls=country_urls(language))
    context = {
        "title": report.title,
        "parents": [*PARENTS, (_("Yearly reports"), reverse("tracker_reports"))],
        "description": _("Status of the Rome Statute, state by state, in %(year)s.")
        % {"year": report.year},
        "report": report,
        "contents": contents,
        "errata": list(report.record.errata.all()) if report.errata_count else [],
        "file": current_file(report, language),
    }
    return render(request, "tracker/report/page.html", context)


def pdf_view(request: HttpRequest, year: int) -> HttpResponseBase:
    """Respond at `/tracker/report/2026.pdf` with the PDF that a job made.

    If it is not ready, or a library is missing, the response is 503 with a page that says so.
    """
    report = _report(year)
    language = current_language()
    made = current_file(report, language)
    if made is not None:
        return FileResponse(made.file.open(), filename=made.name, content_type="application/pdf")
    missing = missing_libraries()
    if not missing:
        order_file(report, language)
    response = render(
        request,
        "tracker/report/no_pdf.html",
        {
            "title": _("The PDF is not ready yet"),
            "noindex": True,
            "report": report,
            "missing": missing,
        },
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    if not missing:
        response["Retry-After"] = str(SECONDS_UNTIL_MADE)
    return response


def _report(year: int) -> YearlyReport:
    reports = YearlyReport.objects.public().filter(year=year).in_language(current_language())
    report: YearlyReport | None = reports.with_errata().first()
    if report is None:
        raise Http404
    return report
