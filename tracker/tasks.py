"""The jobs of this app."""

import logging

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import ReportFile, YearlyReport
from .reports.pdf import print_report
from .reports.services import MAKE_PDF, current_file

logger = logging.getLogger(__name__)


@app.task(
    name=MAKE_PDF,
    queue="reports",
    # The storage may be down for a while. A missing library stays missing until somebody installs it.
    retry=RetryStrategy(max_attempts=4, exponential_wait=5),
)
def make_report_pdf(*, report_id: int, language: str) -> None:
    """Make the PDF of a public report in a language, once for each number of errata. Idempotent."""
    report = YearlyReport.objects.public().with_errata().filter(pk=report_id).first()
    if report is None or current_file(report, language):
        return
    pdf = print_report(report, language)
    made = ReportFile(
        report=report,
        language=language,
        errata=report.errata_count,
        pages=pdf.pages,
        size=len(pdf.content),
    )
    made.file.save(made.name, ContentFile(pdf.content), save=False)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # Another worker has made it meanwhile.
        made.file.delete(save=False)
        return
    logger.info("report.pdf_made", extra={"report": report.pk, "count": pdf.pages})
