"""The preview of a report that is not frozen: what it would hold if it were frozen now."""

from typing import Any

from core.language import current_language
from tracker.models import FrozenRecord, YearlyReport

from .contents import Contents
from .snapshot import take_snapshot


def preview_context(report: YearlyReport) -> dict[str, Any]:
    """The context of `tracker/report/page.html`, from the record as it is now, or as it is frozen for the year."""
    frozen = report.frozen or FrozenRecord.objects.filter(year=report.year).first()
    data = frozen.data if frozen else take_snapshot(year=report.year, day=report.day)
    return {
        "title": report.title,
        "report": report,
        "contents": Contents(data, language=current_language()),
        "errata": list(frozen.errata.all()) if frozen else [],
        "is_draft": report.frozen is None,
        "noindex": True,
    }
