"""Lists of countries with where they stand in a word, and the way to their pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.page_cache.memory import recall
from record.choices import Status
from record.models.countries import Country
from record.neighbours import neighbours_of
from record.querysets import CountryQuerySet

from .country_links import country_urls

# Where a state has no neighbours on land, so many that follow it in the alphabet of its region.
FOLLOWING = 6


@dataclass(frozen=True)
class ListedCountry:
    """A row of a list. Without a page the address is empty."""

    iso3: str
    name: str
    status: str
    words: str
    url: str


def countries_of(region: str, *, day: date, language: str) -> list[ListedCountry]:
    """The countries of a region in the alphabet of the language: not to be changed.

    Two queries, and the dearest part of the pages that show it, so the worker remembers it.
    """
    return recall(
        ("countries of", region, day, language),
        lambda: _listed(Country.objects.as_of(day).in_region(region), language),
    )


def neighbours(country: Country, *, day: date, language: str) -> list[ListedCountry]:
    """Those that share a border on land with the country. Two queries, or none for an island."""
    codes = neighbours_of(country.iso3)
    return _listed(Country.objects.as_of(day).filter(iso3__in=codes), language) if codes else []


def following(country: Country, *, day: date, language: str) -> list[ListedCountry]:
    """A few that follow the country in the alphabet of its region; after the last comes the first."""
    region = countries_of(country.region, day=day, language=language)
    place = next((i for i, one in enumerate(region) if one.iso3 == country.iso3), 0)
    return [*region[place + 1 :], *region[:place]][:FOLLOWING]


def _listed(countries: CountryQuerySet, language: str) -> list[ListedCountry]:
    urls = country_urls(language)
    return [
        ListedCountry(
            iso3=country.iso3,
            name=country.name,
            status=country.status,
            words=_short_words(country),
            url=urls.get(country.iso3, ""),
        )
        for country in countries.by_name(language)
    ]


def _short_words(country: Any) -> str:
    if country.leaves_on:
        return _("State Party, withdrawing")
    return str(Status(country.status).label)
