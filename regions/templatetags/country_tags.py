"""Countries for templates: lists of them, and the words for what changed."""

from datetime import date

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from regions import country_lists
from regions.country_lists import ListedCountry
from regions.models import Country, RegionPage

register = template.Library()


@register.simple_tag
def countries_of(page: RegionPage) -> list[ListedCountry]:
    """The countries of the page's region, in the alphabet of the reader."""
    return country_lists.countries_of(page.region, day=_today(), language=_language())


@register.simple_tag
def neighbours_of(country: Country) -> list[ListedCountry]:
    """Those that share a border on land with the country; none of an island."""
    return country_lists.neighbours(country, day=_today(), language=_language())


@register.simple_tag
def following(country: Country) -> list[ListedCountry]:
    """A few that follow the country in the alphabet of its region."""
    return country_lists.following(country, day=_today(), language=_language())


def _today() -> date:
    return timezone.now().date()


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
