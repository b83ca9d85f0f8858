"""How the pages of countries come to be: staff ask for those that are missing."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from record.models import Country

from .models import CountryPage, RegionPage

logger = logging.getLogger(__name__)


@transaction.atomic
def create_missing_country_pages(*, locale: Locale) -> list[CountryPage]:
    """Give each published country without a page in a language one under the page of its region; give the new ones.

    They are published where the page of the region is, in the alphabet of English, and hold no prose. A region that
    has no page in the language is passed over. Doing it again changes nothing.
    """
    region_pages = {page.region: page for page in RegionPage.objects.filter(locale=locale)}
    has_page = CountryPage.objects.filter(locale=locale).values("country")
    countries = Country.objects.published().filter(region__in=region_pages).exclude(pk__in=has_page)
    now = timezone.now()
    pages = []
    for country in countries.by_name("en"):
        region_page = region_pages[country.region]
        published_at = now if region_page.live else None
        page = CountryPage(
            country=country,
            locale=locale,
            live=region_page.live,
            first_published_at=published_at,
            last_published_at=published_at,
        )
        region_page.add_child(instance=page)
        page.keep_version()
        pages.append(page)
    logger.info("country_pages.created", extra={"locale": locale.pk, "count": len(pages)})
    return pages
