"""The PDF of a report: it opens, is tagged, has working links and bookmarks, and has the text of the page."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from pytest_django import Settings

from tests.html import parse
from tracker.models import Erratum, ReportFile, YearlyReport
from tracker.reports import libraries
from tracker.reports.pdf import MissingLibraryError, fetch, print_report
from tracker.reports.services import add_erratum
from tracker.tasks import make_report_pdf

URL = "/tracker/report/2024/"
PDF_URL = "/tracker/report/2024.pdf"


def printed(report: YearlyReport, language: str = "en") -> PdfReader:
    return PdfReader(io.BytesIO(print_report(report, language).content))


def root_of(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]


def elements(node: Any) -> Iterator[Any]:
    """Yield every structure element, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K"))


def headings_of_outline(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from headings_of_outline(entry)
        else:
            yield entry.title


def words(text: str) -> str:
    return " ".join(text.split())


def letters(text: str) -> str:
    """Remove spaces, because lines break elsewhere in the PDF."""
    return "".join(text.split())


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_it_is_tagged_and_has_working_links(
    report: YearlyReport, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = printed(report)
    assert not caplog.records, "WeasyPrint complains of the document."
    root = root_of(pdf)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(rb"pdfuaid:part\W+1\b", root["/Metadata"].get_object().get_data())
    assert pdf.metadata is not None
    assert pdf.metadata.title == report.title
    assert pdf.metadata.author == "Coalition for the International Criminal Court"

    tree = list(elements(root["/StructTreeRoot"]["/K"]))
    kinds = [element["/S"] for element in tree]
    assert kinds.count("/H1") == 1
    assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI", "/P", "/Link"} <= set(kinds)
    pictures = [element for element in tree if element["/S"] == "/Figure"]
    assert all(element["/Alt"] for element in pictures)
    names = [element["/Alt"] for element in pictures]
    assert "World map: status of the Rome Statute on 22 November 2024" in names
    assert "Growth of membership: 4 States Parties in 2024" in names
    assert "Africa: 3" in names

    shown = parse(client.get(URL).content.decode()).find("article")
    on_page = [element.text for tag in ("h1", "h2", "h3") for element in shown.find_all(tag)]
    assert sorted(headings_of_outline(pdf.outline)) == sorted(on_page)


def test_contents_lead_to_the_pages_that_they_name(report: YearlyReport) -> None:
    pdf = printed(report)
    total = len(pdf.pages)
    for number, page in enumerate(pdf.pages, start=1):
        assert f"{number} / {total}" in page.extract_text()
        if number > 1:
            assert report.title in words(page.extract_text())
    first: Any = pdf.pages[0]
    links = [entry.get_object() for entry in first["/Annots"]]
    targets = list(dict.fromkeys(link.get("/Dest") or link["/A"]["/D"] for link in links))
    named = pdf.named_destinations
    pages = [str((pdf.get_destination_page_number(named[target]) or 0) + 1) for target in targets]
    listed = re.findall(r"(?m)(\d+)\s*$", first.extract_text().split("Contents")[1])
    assert len(targets) == 10
    assert listed[: len(pages)] == pages


def test_it_says_what_the_page_says(report: YearlyReport, client: Client) -> None:
    text = letters("".join(page.extract_text() for page in printed(report).pages))
    shown = parse(client.get(URL).content.decode()).find("article")
    rows = [
        [cell.text for cell in row.elements]
        for table in shown.find_all("table")
        for row in table.find_all("tr")
    ]
    states = [row for row in rows if len(row) == 4 and row[0] in {"Algeria", "Chad", "Mali"}]
    assert [
        "Chad",
        "State Party since 1 July 2002; withdrawal takes effect on 1 March 2025 (to be verified)",
    ] in [row[:2] for row in states]
    missing = [row for row in rows if letters("".join(row)) not in text]
    assert not missing
    for figure in shown.find_all("dd"):
        assert letters(figure.text) in text
    assert {figure.text for figure in shown.find_all("dd")} >= {"4", "1"}


def test_the_same_report_gives_the_same_bytes(report: YearlyReport) -> None:
    assert print_report(report, "en") == print_report(report, "en")


def test_arabic(report: YearlyReport) -> None:
    pdf = printed(report, "ar")
    assert root_of(pdf)["/Lang"] == "ar"
    pages: list[Any] = list(pdf.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Naskh" in font for font in fonts)
    # Text by staff is in English, and marked as such.
    tree = elements(root_of(pdf)["/StructTreeRoot"]["/K"])
    assert next(element for element in tree if element["/S"] == "/H1")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/picture.png",
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/static/../pyproject.toml",
        "http://127.0.0.1:8000/static/%2e%2e/pyproject.toml",
        "file:///etc/passwd",
        "http://127.0.0.1:8000/documents/1/secret.pdf",
        "data:text/plain,words",
    ],
)
def test_nothing_is_fetched_but_files_of_the_site(address: str) -> None:
    with pytest.raises(ValueError, match="Not a file of the site"):
        fetch(address)


def test_pictures_do_not_lead_out_of_the_media_library() -> None:
    with pytest.raises(Exception, match=r"(?i)suspicious|outside|detected|base path"):
        fetch("http://127.0.0.1:8000/media/images/../../secret")


def test_fonts_and_styles_are_read(db: None) -> None:
    style = fetch("http://127.0.0.1:8000/static/css/report/print.css").read()
    assert b"@page" in style


class TestFiles:
    """The worker makes the file. Earlier requests get 503."""

    def test_it_is_made_once_and_then_served(self, report: YearlyReport, client: Client) -> None:
        early = client.get(PDF_URL)
        assert early.status_code == 503
        assert early["Retry-After"] == "60"
        assert "It is being made now" in early.content.decode()

        make_report_pdf(report_id=report.pk, language="en")
        make_report_pdf(report_id=report.pk, language="en")
        [file] = ReportFile.objects.all()
        response = client.get(PDF_URL)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        content = b"".join(response)
        assert len(content) == file.size
        assert len(PdfReader(io.BytesIO(content)).pages) == file.pages
        assert f"PDF, {file.pages} pages" in client.get(URL).content.decode()

    def test_an_erratum_makes_another(self, report: YearlyReport, client: Client) -> None:
        make_report_pdf(report_id=report.pk, language="en")
        add_erratum(erratum=Erratum(record=report.record, text="Read Benin, not Mali."))
        assert client.get(PDF_URL).status_code == 503
        make_report_pdf(report_id=report.pk, language="en")
        response = client.get(PDF_URL)
        assert 'filename="rome-statute-2024-en-errata-1.pdf"' in response["Content-Disposition"]
        pdf = PdfReader(io.BytesIO(b"".join(response)))
        assert "Read Benin, not Mali." in pdf.pages[0].extract_text()

    def test_a_draft_gets_none(self, draft: YearlyReport, client: Client) -> None:
        make_report_pdf(report_id=draft.pk, language="en")
        assert not ReportFile.objects.exists()
        assert client.get(PDF_URL).status_code == 404


class TestMissingLibrary:
    @pytest.fixture(autouse=True)
    def without_pango(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def load(file: str) -> None:
            if "pango" in file:
                raise OSError

        monkeypatch.setattr(libraries, "CDLL", load)

    def test_the_page_says_which(self, report: YearlyReport, client: Client) -> None:
        response = client.get(PDF_URL)
        assert response.status_code == 503
        assert "Retry-After" not in response
        assert "Pango (libpango-1.0-0)" in response.content.decode()

    def test_the_report_is_on_the_site_all_the_same(
        self, report: YearlyReport, client: Client
    ) -> None:
        assert client.get(URL).status_code == 200

    def test_the_job_says_which(self, report: YearlyReport) -> None:
        with pytest.raises(MissingLibraryError, match="PangoFT2"):
            make_report_pdf(report_id=report.pk, language="en")

    def test_a_check_warns_of_missing_libraries(self) -> None:
        assert [warning.id for warning in run_checks() if warning.id == "tracker.W001"]


def test_no_check_warns_if_the_libraries_are_installed() -> None:
    assert not [warning for warning in run_checks() if warning.id == "tracker.W001"]
