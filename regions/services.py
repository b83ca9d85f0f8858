"""Creates the pages of countries."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from record.models import Country

from .models import CountryPage, RegionPage

logger = logging.getLogger(__name__)


@transaction.atomic
def create_missing_country_pages(*, locale: Locale) -> list[CountryPage]:
    """Create the missing pages of published countries in a language, below those of their regions, and return them.

    They hold no prose, are sorted by English name, and are published if the page of the region is. Regions without a
    page in the language are skipped. Idempotent.
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
