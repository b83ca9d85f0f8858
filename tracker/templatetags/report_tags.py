"""Tags for the templates of the yearly report."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from core.language import current_language
from tracker.models import FrozenRecord, YearlyReport
from tracker.reports.contents import Contents
from tracker.reports.snapshot import take_snapshot

register = template.Library()


@register.simple_tag
def language_of(code: str) -> SafeString:
    """Return ` lang="en" dir="ltr"` for text in another language than the reader's, otherwise ""."""
    if code == get_language():
        return SafeString("")
    direction = "rtl" if get_language_info(code)["bidi"] else "ltr"
    return format_html(' lang="{}" dir="{}"', code, direction)


@register.filter
def report_language(report: YearlyReport) -> SafeString:
    """Return the same attributes for the text of a report."""
    return language_of(report.locale.language_code)


@register.simple_tag(takes_context=True)
def report_preview(context: Context, report: YearlyReport) -> SafeString:
    """Render the page of a report from the record as it is now, or as it is frozen for the year."""
    return render_to_string(
        "tracker/report/page.html", _preview_context(report), request=context["request"]
    )


def _preview_context(report: YearlyReport) -> dict[str, Any]:
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
