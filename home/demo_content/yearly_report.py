"""The first yearly report, frozen from the record that comes with the site."""

from datetime import UTC, date, datetime
from pathlib import Path

import yaml
from wagtail.models import Locale

from tracker.models import YearlyReport
from tracker.reports.services import freeze

from .page_files import PageFile
from .writing import PageWriter

# The record that comes with the site is of this day.
DAY = date(2026, 11, 22)
FILE = Path(__file__).parent / "reports" / f"{DAY.year}.yaml"


def load_report(writer: PageWriter) -> None:
    """Write the report and freeze it; where the clock has not come to its day it stays a draft."""
    fields = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    report = YearlyReport(year=DAY.year, day=DAY, locale=Locale.get_default())
    file = PageFile(f"reports/{DAY.year}", YearlyReport, fields)
    writer.write_plain_fields(report, file)
    writer.write_rich_fields(report, file)
    report.save()
    report.save_revision(log_action=True)
    if datetime.now(UTC).date() >= DAY:
        freeze(report_id=report.pk, note="Frozen when the demo content was loaded.")
