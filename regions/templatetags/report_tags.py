"""What the templates of the yearly report ask."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from regions.models import YearlyReport

register = template.Library()

# Fill of a bar and ink of its number, from the furthest stage of a law to none known. 4.5:1 at the least.
STAGES = (
    ("#10203a", "#ffffff"),
    ("#1f4e79", "#ffffff"),
    ("#7fa6c9", "#10203a"),
    ("#dbe5ee", "#10203a"),
    ("#d9d3c4", "#10203a"),
    ("#f1ede3", "#41506a"),
)


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


@register.filter
def stage_fill(place: int) -> str:
    return STAGES[place][0]


@register.filter
def stage_ink(place: int) -> str:
    return STAGES[place][1]
