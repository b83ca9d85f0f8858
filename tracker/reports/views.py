"""The public pages of the yearly reports. Only what is frozen and published is shown."""

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

# Printing takes some seconds, and the worker may have others to print first.
SECONDS_UNTIL_MADE = 60


def index_view(request: HttpRequest) -> HttpResponse:
    """`/tracker/report/`: the reports, the latest first."""
    reports = YearlyReport.objects.for_readers(current_language())
    context = {
        "title": _("Yearly reports"),
        "parents": PARENTS,
        "description": _("Ratification and implementation of the Rome Statute, year by year."),
        "reports": reports,
    }
    return render(request, "tracker/report/index.html", context)


def report_view(request: HttpRequest, year: int) -> HttpResponse:
    """`/tracker/report/2026/`: the report of a year, as it was frozen, with its errata."""
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
    """`/tracker/report/2026.pdf`: the report on paper, as the worker made it.

    While it is not made, or cannot be made, a page says so: 503, with when to ask again.
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
