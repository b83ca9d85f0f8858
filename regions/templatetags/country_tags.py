"""Countries for templates: lists of them, and the words for what changed."""

from django import template

from core.days import today
from core.language import current_language
from record.changes import ToldChange, tell
from record.models import Country
from regions import country_links
from regions.country_links import ListedCountry
from regions.models import RegionPage

register = template.Library()

FEW_CHANGES = 5


@register.simple_tag
def countries_of(page: RegionPage) -> list[ListedCountry]:
    """The countries of the page's region, in the alphabet of the reader."""
    return country_links.countries_of(page.region, day=today(), language=current_language())


@register.simple_tag
def neighbours_of(country: Country) -> list[ListedCountry]:
    """Those that share a border on land with the country; none of an island."""
    return country_links.neighbours(country, day=today(), language=current_language())


@register.simple_tag
def following(country: Country) -> list[ListedCountry]:
    """A few that follow the country in the alphabet of its region."""
    return country_links.following(country, day=today(), language=current_language())


@register.simple_tag
def latest_changes(country: Country) -> list[ToldChange]:
    """The latest few changes of the country's record, the newest first."""
    return tell(country.changes.for_feed()[:FEW_CHANGES], urls={})
