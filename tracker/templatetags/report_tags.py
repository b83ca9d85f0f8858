"""What the templates of the yearly report ask."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from tracker.models import YearlyReport

register = template.Library()


@register.simple_tag
def language_of(code: str) -> SafeString:
    """` lang="en" dir="ltr"` for words that are not in the reader's language, else nothing."""
    if code == get_language():
        return SafeString("")
    direction = "rtl" if get_language_info(code)["bidi"] else "ltr"
    return format_html(' lang="{}" dir="{}"', code, direction)


@register.filter
def report_language(report: YearlyReport) -> SafeString:
    """The same for what staff wrote in a report."""
    return language_of(report.locale.language_code)
