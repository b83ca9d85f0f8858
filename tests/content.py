"""The sites that tests visit."""

from django.core.management import call_command
from wagtail.models import Locale

from coalition_site.core.blocks import BodyBlock
from coalition_site.home.models import HomePage
from regions.choices import Region
from regions.country_pages import create_missing_country_pages
from regions.models import CountryPage

from . import factories


def load_content() -> None:
    """The content of the site, a page with every block, and copies of all in Arabic."""
    load_demo_content()
    _add_page_with_every_block(HomePage.objects.get())
    _add_country()
    _copy_to(Locale.objects.get_or_create(language_code="ar")[0])


def load_demo_content() -> None:
    """What a new site starts with: every page of the demo content."""
    call_command("load_demo_content", verbosity=0)


def _add_page_with_every_block(home_page: HomePage) -> None:
    """Each block as the editors' picker previews it."""
    body = [
        (name, block.get_preview_value())
        for name, block in BodyBlock().child_blocks.items()
        if name not in {"figure", "document"}
    ]
    factories.StandardPageFactory(
        parent=home_page, title="Every block", slug="every-block", body=body
    )


def _add_country() -> None:
    """A country with something in every part of its page."""
    factories.CountryFactory(name_en="Testland", name_ar="بلد الاختبار", region=Region.AFRICA)
    create_missing_country_pages(locale=factories.english())


def _copy_to(locale: Locale) -> None:
    """Published copies of every page, not translated: the direction turns, the words stay.

    Countries have pages of their own in every language, with no more to translate than their names.
    """
    pages = HomePage.objects.get().get_descendants(inclusive=True).not_type(CountryPage)
    for page in pages.specific():
        page.copy_for_translation(locale).save_revision().publish()
    create_missing_country_pages(locale=locale)
