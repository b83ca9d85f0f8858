"""Loads the demo content, once, and leaves alone what is there."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Locale, Page, Site

from core.models import BasePage, SiteSettings
from home.models import LoadedContent
from record.models import Country
from regions.country_pages import create_missing_country_pages
from regions.models import RegionPage
from tracker.models import YearlyReport

from .facts import Facts
from .page_files import FRONT_PAGE, PageFile, read_page_files
from .record import load_record
from .teams import (
    create_team,
    open_newsletter_to_secretariat,
    open_record_to_secretariat,
    team_name,
)
from .writing import PagesByKey, PageWriter
from .yearly_report import load_report

logger = logging.getLogger(__name__)

SECRETARIAT_KEY = "teams/secretariat"
NEWSLETTER_KEY = "teams/newsletter"
RECORD_KEY = "record"
COUNTRY_PAGES_KEY = "country-pages"
REPORT_KEY = "reports/2026"


class Outcome(StrEnum):
    """What became of a page, a team or the record of the states."""

    ADDED = "added"
    KEPT = "already loaded"
    TAKEN = "left out: its address or name is taken"
    NO_PARENT = "left out: the page it belongs to is gone"


Report = Callable[[str, Outcome], None]


class SiteInUseError(Exception):
    """The site has pages of its own and never had the demo content."""


def load(*, report: Report, dry_run: bool = False) -> Counter[Outcome]:
    """Load pages, teams, the record and its pages, if not loaded before; tell `report` of each, and return the counts.

    An item is loaded once in the life of a database: whatever staff did to it since stays. With `dry_run` everything
    is done and then rolled back, so that what is told is what would happen. Raises `SiteInUseError`.
    """
    tally: Counter[Outcome] = Counter()

    def tell(key: str, outcome: Outcome) -> None:
        tally[outcome] += 1
        report(key, outcome)

    try:
        with transaction.atomic():
            _load(tell)
            transaction.set_rollback(dry_run)
    finally:
        # Where the site's root lies is kept in a cache, which does not roll back with the database.
        Site.clear_site_root_paths_cache()
    logger.info("demo_content.loaded", extra={"added": tally[Outcome.ADDED], "dry_run": dry_run})
    return tally


def _load(tell: Report) -> None:
    pages: PagesByKey = {
        record.key: record.page for record in LoadedContent.objects.select_related("page")
    }
    if FRONT_PAGE not in pages and not _is_new_site():
        raise SiteInUseError
    # First: articles name countries.
    _load_record(pages, tell)
    files = read_page_files()
    _load_pages(files, pages, tell)
    for file in files:
        if file.model is RegionPage:
            _load_team(file, pages, tell)
    _load_secretariat(pages, tell)
    _load_country_pages(pages, tell)
    _load_report(pages, tell)


def _is_new_site() -> bool:
    """Whether the tree holds nothing but the page that a new database comes with, as it came."""
    pages = list(Page.objects.filter(depth__gt=1))
    return (
        len(pages) == 1
        and pages[0].specific_class is Page
        and pages[0].latest_revision is None
        and Site.objects.filter(is_default_site=True, root_page=pages[0]).exists()
    )


def _load_pages(files: list[PageFile], pages: PagesByKey, tell: Report) -> None:
    """Put all pages in their places before any text is written: texts link to pages that come later.

    Each page is one object throughout: saving a second one would write back a number of children that was true
    before.
    """
    writer = PageWriter(facts=Facts.of_this_site(), pages=pages)
    placed: list[tuple[PageFile, BasePage]] = []
    for file in files:
        if file.key in pages:
            tell(file.key, Outcome.KEPT)
            continue
        with _naming(file):
            page = file.model(slug=file.slug, live=False)
            writer.write_plain_fields(page, file)
            outcome = _place(page, file, pages)
        pages[file.key] = page if outcome is Outcome.ADDED else None
        if outcome is Outcome.ADDED:
            placed.append((file, page))
        else:
            tell(file.key, outcome)
    for file, page in placed:
        with _naming(file):
            writer.write_rich_fields(page, file)
            page.save()  # First, so that the revision knows the rows of the page by their keys.
            page.save_revision(log_action=True).publish()
        LoadedContent.objects.create(key=file.key, page=page)
        tell(file.key, Outcome.ADDED)


@contextmanager
def _naming(file: PageFile) -> Iterator[None]:
    """Let an error say which file has the mistake."""
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
    """Let the default site show `front_page` in the place of the welcome page."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    welcome_page = site.root_page
    settings = SiteSettings.for_site(site)
    site.root_page = front_page
    site.site_name = settings.organisation_name
    site.save()
    welcome_page.delete()


def _load_team(file: PageFile, pages: PagesByKey, tell: Report) -> None:
    key = f"teams/{file.slug}"
    region_page = pages[file.key]
    if key in pages:
        tell(key, Outcome.KEPT)
    elif region_page is None:
        tell(key, Outcome.NO_PARENT)
    elif Group.objects.filter(name=team_name(region_page)).exists():
        tell(key, Outcome.TAKEN)
    else:
        create_team(region_page=region_page.specific)
        LoadedContent.objects.create(key=key)
        tell(key, Outcome.ADDED)


def _load_secretariat(loaded: PagesByKey, tell: Report) -> None:
    for key, open_to_secretariat in (
        (SECRETARIAT_KEY, open_record_to_secretariat),
        (NEWSLETTER_KEY, open_newsletter_to_secretariat),
    ):
        if key in loaded:
            tell(key, Outcome.KEPT)
        else:
            open_to_secretariat()
            LoadedContent.objects.create(key=key)
            tell(key, Outcome.ADDED)


def _load_record(loaded: PagesByKey, tell: Report) -> None:
    """The states and where they stand; none where staff have begun a record of their own."""
    if RECORD_KEY in loaded:
        tell(RECORD_KEY, Outcome.KEPT)
    elif Country.objects.exists():
        tell(RECORD_KEY, Outcome.TAKEN)
    else:
        load_record()
        LoadedContent.objects.create(key=RECORD_KEY)
        tell(RECORD_KEY, Outcome.ADDED)


def _load_country_pages(loaded: PagesByKey, tell: Report) -> None:
    """A page for every state, without prose. Those of states that come later are for staff to ask for."""
    if COUNTRY_PAGES_KEY in loaded:
        tell(COUNTRY_PAGES_KEY, Outcome.KEPT)
    else:
        create_missing_country_pages(locale=Locale.get_default())
        LoadedContent.objects.create(key=COUNTRY_PAGES_KEY)
        tell(COUNTRY_PAGES_KEY, Outcome.ADDED)


def _load_report(loaded: PagesByKey, tell: Report) -> None:
    """The first yearly report, on the record that was loaded; none where staff wrote one of their own."""
    if REPORT_KEY in loaded:
        tell(REPORT_KEY, Outcome.KEPT)
    elif YearlyReport.objects.exists() or not LoadedContent.objects.filter(key=RECORD_KEY).exists():
        tell(REPORT_KEY, Outcome.TAKEN)
    else:
        load_report(PageWriter(facts=Facts.of_this_site(), pages=loaded))
        LoadedContent.objects.create(key=REPORT_KEY)
        tell(REPORT_KEY, Outcome.ADDED)
