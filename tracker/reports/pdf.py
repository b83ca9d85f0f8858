"""Prints a frozen report: the same article as the page, on paper, tagged for screen readers (PDF/UA-1).

It takes seconds of a core, so a worker does it: see `tasks.py`. The same report gives the same bytes.
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
    """The PDF cannot be made here. Says which libraries of the system are missing."""


@dataclass(frozen=True)
class Pdf:
    """A PDF, and how many pages it has."""

    content: bytes
    pages: int


def print_report(report: YearlyReport, language: str) -> Pdf:
    """The PDF of a frozen report with its errata, for readers of a language. Raises `MissingLibraryError`."""
    if missing := missing_libraries():
        raise MissingLibraryError(", ".join(missing))
    # Takes a second, and the libraries: whoever prints nothing needs neither.
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
    """The document that is printed: without the site's header, links of the map, or anything to press."""
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
    """Give WeasyPrint stylesheets and fonts of the project and pictures of the media library, and nothing else.

    Raises ValueError for any other address: the network is never asked, and no other file is read.
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
        # The storage refuses names that lead out of it.
        with renditions.open(f"images/{unquote(address.removeprefix(f'{pictures}/'))}") as file:
            return bytes(file.read())
    raise ValueError(f"Not a file of the site: {address}")
