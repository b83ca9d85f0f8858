"""Creates the content of the sites that tests visit."""

from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from core.blocks import BodyBlock
from home.demo_content.files import FRONT_PAGE
from home.models import HomePage
from news.models import ArticlePage, NewsIndexPage
from newsletter.models import IssueIndexPage
from record.choices import Action, Certainty, LawCoverage, LawKind, LawStage, Region, Treaty
from record.models import FocusYear, ImplementingLaw, TreatyAction
from regions.models import CountryPage
from regions.services import create_missing_country_pages

from . import factories
from .snapshots import DatabaseStates, State


def hold_content(states: DatabaseStates) -> None:
    """Switch to a database with the site's content, a page with every block, and Arabic copies of all pages."""
    states.hold("content", _make_content, base=DEMO_CONTENT)


def hold_demo_content(states: DatabaseStates) -> None:
    """Switch to a database with every page of the demo content, as on a new site."""
    states.hold(DEMO_CONTENT.name, DEMO_CONTENT.make)


DEMO_CONTENT = State("demo content", lambda: call_command("load_demo_content", verbosity=0))


def _make_content() -> None:
    _add_page_with_every_block(HomePage.objects.get())
    add_country()
    _add_issue_with_every_block()
    _copy_to(Locale.objects.get_or_create(language_code="ar")[0])


def address_of(key: str) -> str:
    """Return the address of a file's page. The newsletter's archive is below the sign-up form, at `issues/`."""
    if key == FRONT_PAGE:
        return "/"
    return f"/{key}/".replace("/newsletter/", "/newsletter/issues/", 1)


def _add_page_with_every_block(home_page: HomePage) -> None:
    """Add a page with each block as previewed in the editors' block picker."""
    body = [
        (name, block.get_preview_value())
        for name, block in BodyBlock().child_blocks.items()
        if name not in {"figure", "document"}
    ]
    factories.StandardPageFactory(
        parent=home_page, title="Every block", slug="every-block", body=body
    )


def _add_issue_with_every_block() -> None:
    """Add an issue of the greatest length, between two others in the archive."""
    archive = IssueIndexPage.objects.get()
    today = timezone.localdate()
    link = {"text": "See the articles", "page": NewsIndexPage.objects.get()}
    body = [
        ("lead", {"heading": "What leads", "text": "<p>In a few <b>words</b>.</p>", "link": link}),
        ("articles", {"heading": "Read on", "articles": list(ArticlePage.objects.all()[:8])}),
        ("changes", {"heading": "What changed in the record"}),
        (
            "event",
            {
                "title": "Day of international justice",
                "begins": date(2027, 7, 17),
                "ends": date(2027, 7, 18),
                "place": "Rome",
                "text": "<p>Come along.</p>",
            },
        ),
        ("text", "<h3>More</h3><p>A paragraph.</p><ul><li>One</li><li>Two</li></ul>"),
        ("action", {"heading": "Act now", "text": "<p>Write a letter.</p>", "link": link}),
    ]
    factories.IssuePageFactory(
        parent=archive,
        title="Every block",
        slug="every-block",
        summary="An issue with all that there can be in one.",
        date=today,
        body=body,
    )
    factories.IssuePageFactory(parent=archive, title="The next one", date=today + timedelta(days=9))


def add_country() -> None:
    """Create a country with data for every part of its page."""
    country = factories.CountryFactory.create(
        iso2="XT",
        iso3="XTL",
        m49="999",  # The code of no country. A code from the factory could belong to the record.
        name_en="Testland",
        name_ar="بلد الاختبار",
        region=Region.AFRICA,
        national_coalition="Testland Coalition for the Court",
        note="A note that everybody sees.",
        verified_on=date(2026, 5, 4),
    )
    country.treaty_actions = [
        TreatyAction(treaty=treaty, action=action, date=day, source="UN Treaty Collection")
        for treaty, action, day in (
            (Treaty.ROME_STATUTE, Action.SIGNATURE, date(1999, 8, 11)),
            (Treaty.ROME_STATUTE, Action.RATIFICATION, date(2005, 3, 15)),
            (Treaty.APIC, Action.ACCESSION, date(2006, 1, 2)),
            (Treaty.AGGRESSION_2010, Action.RATIFICATION, date(2014, 3, 14)),
            (Treaty.ROME_STATUTE, Action.WITHDRAWAL_NOTICE, timezone.now().date()),
        )
    ]
    country.laws = [
        ImplementingLaw(
            kind=LawKind.COMPLEMENTARITY,
            stage=LawStage.ENACTED,
            coverage=LawCoverage.FULL,
            title="International Crimes Act",
            date=date(2008, 12, 24),
            link="https://example.org/act",
            source="Official Gazette",
            certainty=Certainty.CONFIRMED,
        ),
        ImplementingLaw(
            kind=LawKind.COOPERATION, stage=LawStage.DRAFTING, source="Report of the state"
        ),
    ]
    country.focus_years = [
        FocusYear(year=timezone.now().year - years, ask=ask)
        for years, ask in ((0, "Take back the notice of withdrawal."), (1, "Pass the bill."))
    ]
    country.save()
    create_missing_country_pages(locale=factories.english())


def _copy_to(locale: Locale) -> None:
    """Publish untranslated copies of every page: the direction of the text changes, the text itself does not.

    Countries have pages of their own in every language, in which only their names need translating.
    """
    pages = HomePage.objects.get().get_descendants(inclusive=True).not_type(CountryPage)
    for page in pages.specific():
        page.copy_for_translation(locale).save_revision().publish()
    create_missing_country_pages(locale=locale)
