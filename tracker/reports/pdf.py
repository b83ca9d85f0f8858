"""Prints a frozen report: the article of the page as a PDF tagged for screen readers (PDF/UA-1).

It takes seconds of a core, so a job does it: see `tracker/tasks.py`. The same report gives the same bytes.
"""

import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import SiteSettings
from tracker.models import YearlyReport

from .contents import Contents
from .libraries import missing_libraries

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

TEMPLATE = "tracker/report/pdf.html"


class MissingLibraryError(Exception):
    """The PDF cannot be made on this machine. The message names the missing system libraries."""


@dataclass(frozen=True)
class Pdf:
    """A PDF and its number of pages."""

    content: bytes
    pages: int


def print_report(report: YearlyReport, language: str) -> Pdf:
    """Return the PDF of a frozen report with its errata, in a language. Raises `MissingLibraryError`."""
    if missing := missing_libraries():
        raise MissingLibraryError(", ".join(missing))
    # The import takes a second and needs the system libraries, so only printing does it.
    from weasyprint import HTML  # noqa: PLC0415

    html = report_html(report, language)
    document = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=fetch).render(
        pdf_variant="pdf/ua-1", pdf_tags=True
    )
    content = document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
        pdf_identifier=sha256(html.encode()).digest()[:16],
    )
    return Pdf(content, len(document.pages))


def report_html(report: YearlyReport, language: str) -> str:
    """Return the document to print: without the site's header, links in the map, or buttons."""
    frozen = report.record
    with translation.override(language):
        return render_to_string(
            TEMPLATE,
            {
                "report": report,
                "contents": Contents(frozen.data, language=language),
                "errata": list(frozen.errata.all()),
                "frozen": frozen,
                "organisation": _(
                    (SiteSettings.objects.first() or SiteSettings()).organisation_name
                ),
                "address": urljoin(settings.SITE_URL, report.path_in(language)),
                "is_paper": True,
            },
        )


def fetch(url: str, *args: Any, **kwargs: Any) -> "URLFetcherResponse":
    """Load stylesheets and fonts of the project and pictures of the media library for WeasyPrint.

    Raises ValueError for any other address: it never uses the network, and reads no other file.
    """
    from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415

    address = url.partition("?")[0]
    kind = mimetypes.guess_type(urlsplit(address).path)[0] or "application/octet-stream"
    return URLFetcherResponse(url, _read(address), {"Content-Type": kind})


def _read(address: str) -> bytes:
    static = urljoin(f"{settings.SITE_URL}/", settings.STATIC_URL)
    if address.startswith(static):
        folder = Path(settings.BASE_DIR) / "static"
        path = (folder / unquote(address.removeprefix(static))).resolve()
        if path.is_relative_to(folder.resolve()):
            return path.read_bytes()
    renditions = storages["renditions"]
    pictures = urljoin(f"{settings.SITE_URL}/", renditions.url("images")).partition("?")[0]
    if address.startswith(f"{pictures}/"):
        # The storage refuses names that lead outside it.
        with renditions.open(f"images/{unquote(address.removeprefix(f'{pictures}/'))}") as file:
            return bytes(file.read())
    raise ValueError(f"Not a file of the site: {address}")
