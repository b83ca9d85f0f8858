"""Which PDFs there are, and in which languages there have to be some."""

from django.conf import settings
from wagtail.models import Page, Site

from tracker.models import ReportFile, YearlyReport


def languages_of_site() -> list[str]:
    """The languages that have a published front page, and English."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return [settings.LANGUAGE_CODE]
    homes = Page.objects.filter(translation_key=site.root_page.translation_key).live()
    codes = {settings.LANGUAGE_CODE, *homes.values_list("locale__language_code", flat=True)}
    return [code for code, _name in settings.LANGUAGES if code in codes]


def current_file(report: YearlyReport, language: str) -> ReportFile | None:
    """The PDF with all errata, if it is made. `report` comes with its errata counted (`with_errata`)."""
    return report.files.filter(language=language, errata=report.errata_count).first()
