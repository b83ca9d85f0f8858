"""Offers templates lists of countries, and the latest changes to a country."""

from django import template

from core.days import today
from core.language import current_language
from record.changes import ShownChange, shown_changes
from record.models import Country
from regions import country_links
from regions.country_links import ListedCountry
from regions.models import RegionPage

register = template.Library()

FEW_CHANGES = 5


@register.simple_tag
def countries_of(page: RegionPage) -> list[ListedCountry]:
    """Return the countries of the page's region, sorted by name in the reader's language."""
    return country_links.countries_of(page.region, day=today(), language=current_language())


@register.simple_tag
def neighbours_of(country: Country) -> list[ListedCountry]:
    """Return the countries that share a land border with this one."""
    return country_links.neighbours(country, day=today(), language=current_language())


@register.simple_tag
def following(country: Country) -> list[ListedCountry]:
    """Return a few countries that follow this one by name in its region."""
    return country_links.following(country, day=today(), language=current_language())


@register.simple_tag
def latest_changes(country: Country) -> list[ShownChange]:
    """Return the latest few changes to the country's record, newest first."""
    return shown_changes(country.changes.for_feed()[:FEW_CHANGES], urls={})
