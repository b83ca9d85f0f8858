"""Loads the demo content once, and leaves existing content alone."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import yaml
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Locale, Page, Site

from core.days import today
from core.models import BasePage, SiteSettings
from home.models import LoadedContent
from record.data import RECORD
from record.imports import apply_import
from record.models import Country
from regions.models import RegionPage
from regions.services import create_missing_country_pages
from tracker.models import YearlyReport
from tracker.reports.services import freeze

from .files import FRONT_PAGE, Facts, PageFile, read_page_files
from .teams import (
    create_team,
    open_newsletter_to_secretariat,
    open_record_to_secretariat,
    team_name,
)
from .writing import PagesByKey, PageWriter

logger = logging.getLogger(__name__)

SECRETARIAT_KEY = "teams/secretariat"
NEWSLETTER_KEY = "teams/newsletter"
RECORD_KEY = "record"
COUNTRY_PAGES_KEY = "country-pages"
REPORT_KEY = "reports/2026"


class Outcome(StrEnum):
    """The outcome for a page, a team or the record."""

    ADDED = "added"
    KEPT = "already loaded"
    TAKEN = "left out: its address or name is taken"
    NO_PARENT = "left out: the page it belongs to is gone"


Report = Callable[[str, Outcome], None]


class SiteInUseError(Exception):
    """The site has pages of its own and never had the demo content."""


def load(*, report: Report, dry_run: bool = False) -> Counter[Outcome]:
    """Load the record, pages, teams and the report that are not loaded yet. Calls `report` for each; returns counts.

    An item is loaded once in the life of a database: whatever staff have done to it since stays. With `dry_run`
    everything is done and then rolled back, so the outcomes are exact. Raises `SiteInUseError`.
    """
    tally: Counter[Outcome] = Counter()

    def log(key: str, outcome: Outcome) -> None:
        tally[outcome] += 1
        report(key, outcome)

    try:
        with transaction.atomic():
            _load(log)
            transaction.set_rollback(dry_run)
    finally:
        # The cache of site roots does not roll back with the database.
        Site.clear_site_root_paths_cache()
    logger.info("demo_content.loaded", extra={"added": tally[Outcome.ADDED], "dry_run": dry_run})
    return tally


def _load(log: Report) -> None:
    pages: PagesByKey = {
        record.key: record.page for record in LoadedContent.objects.select_related("page")
    }
    if FRONT_PAGE not in pages and not _is_new_site():
        raise SiteInUseError
    # First, because articles refer to countries.
    _load_record(pages, log)
    files = read_page_files()
    _load_pages(files, pages, log)
    for file in files:
        if file.model is RegionPage:
            _load_team(file, pages, log)
    _load_secretariat(pages, log)
    _load_country_pages(pages, log)
    _load_report(pages, log)


def _is_new_site() -> bool:
    """Return whether the tree holds only the unchanged page that Wagtail's migrations make."""
    pages = list(Page.objects.filter(depth__gt=1))
    return (
        len(pages) == 1
        and pages[0].specific_class is Page
        and pages[0].latest_revision is None
        and Site.objects.filter(is_default_site=True, root_page=pages[0]).exists()
    )


def _load_pages(files: list[PageFile], pages: PagesByKey, log: Report) -> None:
    """Add all pages to the tree before writing any text, because texts link to later pages.

    Each page is one object throughout: saving a second one would write back an outdated number of children.
    """
    writer = PageWriter(facts=Facts.of_this_site(), pages=pages)
    placed: list[tuple[PageFile, BasePage]] = []
    for file in files:
        if file.key in pages:
            log(file.key, Outcome.KEPT)
            continue
        with _naming(file):
            page = file.model(slug=file.slug, live=False)
            writer.write_plain_fields(page, file)
            outcome = _place(page, file, pages)
        pages[file.key] = page if outcome is Outcome.ADDED else None
        if outcome is Outcome.ADDED:
            placed.append((file, page))
        else:
            log(file.key, outcome)
    for file, page in placed:
        with _naming(file):
            writer.write_rich_fields(page, file)
            page.save()  # First, so that the revision holds the primary keys of the page's rows.
            page.save_revision(log_action=True).publish()
        LoadedContent.objects.create(key=file.key, page=page)
        log(file.key, Outcome.ADDED)


@contextmanager
def _naming(file: PageFile) -> Iterator[None]:
    """Add the name of the file to errors."""
    try:
        yield
    except Exception as error:
        error.add_note(f"The mistake is in pages/{file.key}.yaml.")
        raise


def _place(page: BasePage, file: PageFile, pages: PagesByKey) -> Outcome:
    if file.parent_key is None:
        Page.get_first_root_node().add_child(instance=page)
        _serve(page)
        return Outcome.ADDED
    parent = pages[file.parent_key]
    if parent is None:
        return Outcome.NO_PARENT
    if parent.get_children().filter(slug=page.slug).exists():
        return Outcome.TAKEN
    parent.add_child(instance=page)
    return Outcome.ADDED


def _serve(front_page: BasePage) -> None:
    """Make `front_page` the root of the default site in place of the welcome page."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    welcome_page = site.root_page
    settings = SiteSettings.for_site(site)
    site.root_page = front_page
    site.site_name = settings.organisation_name
    site.save()
    welcome_page.delete()


def _load_team(file: PageFile, pages: PagesByKey, log: Report) -> None:
    key = f"teams/{file.slug}"
    region_page = pages[file.key]
    if key in pages:
        log(key, Outcome.KEPT)
    elif region_page is None:
        log(key, Outcome.NO_PARENT)
    elif Group.objects.filter(name=team_name(region_page)).exists():
        log(key, Outcome.TAKEN)
    else:
        create_team(region_page=region_page.specific)
        LoadedContent.objects.create(key=key)
        log(key, Outcome.ADDED)


def _load_secretariat(loaded: PagesByKey, log: Report) -> None:
    for key, open_to_secretariat in (
        (SECRETARIAT_KEY, open_record_to_secretariat),
        (NEWSLETTER_KEY, open_newsletter_to_secretariat),
    ):
        if key in loaded:
            log(key, Outcome.KEPT)
        else:
            open_to_secretariat()
            LoadedContent.objects.create(key=key)
            log(key, Outcome.ADDED)


def _load_record(loaded: PagesByKey, log: Report) -> None:
    """Load the record of all states, unless staff have begun a record of their own."""
    if RECORD_KEY in loaded:
        log(RECORD_KEY, Outcome.KEPT)
    elif Country.objects.exists():
        log(RECORD_KEY, Outcome.TAKEN)
    else:
        load_record()
        LoadedContent.objects.create(key=RECORD_KEY)
        log(RECORD_KEY, Outcome.ADDED)


def _load_country_pages(loaded: PagesByKey, log: Report) -> None:
    """Create a page without text for every state. For states added later, staff create them."""
    if COUNTRY_PAGES_KEY in loaded:
        log(COUNTRY_PAGES_KEY, Outcome.KEPT)
    else:
        create_missing_country_pages(locale=Locale.get_default())
        LoadedContent.objects.create(key=COUNTRY_PAGES_KEY)
        log(COUNTRY_PAGES_KEY, Outcome.ADDED)


def _load_report(loaded: PagesByKey, log: Report) -> None:
    """Load the first yearly report, from the record that was loaded, unless staff have written a report."""
    if REPORT_KEY in loaded:
        log(REPORT_KEY, Outcome.KEPT)
    elif YearlyReport.objects.exists() or not LoadedContent.objects.filter(key=RECORD_KEY).exists():
        log(REPORT_KEY, Outcome.TAKEN)
    else:
        load_report(PageWriter(facts=Facts.of_this_site(), pages=loaded))
        LoadedContent.objects.create(key=REPORT_KEY)
        log(REPORT_KEY, Outcome.ADDED)


def load_record() -> None:
    """Import the record that comes with the site."""
    apply_import(content=RECORD.read_bytes(), name=RECORD.name, today=today())


# The day of the record that comes with the site.
DAY = date(2026, 11, 22)
FILE = Path(__file__).parent / "reports" / f"{DAY.year}.yaml"


def load_report(writer: PageWriter) -> None:
    """Write the report and freeze it. Before its day it stays a draft."""
    fields = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    report = YearlyReport(year=DAY.year, day=DAY, locale=Locale.get_default())
    file = PageFile(f"reports/{DAY.year}", YearlyReport, fields)
    writer.write_plain_fields(report, file)
    writer.write_rich_fields(report, file)
    report.save()
    report.save_revision(log_action=True)
    if datetime.now(UTC).date() >= DAY:
        freeze(report_id=report.pk, note="Frozen when the demo content was loaded.")
