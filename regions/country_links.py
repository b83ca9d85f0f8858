"""Links to the pages of countries: their addresses, and lists of countries with the status of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.conf import settings
from django.utils.translation import gettext as _

from core.page_cache.memory import recall
from core.page_cache.site import use_site_roots
from record.country_codes import neighbours_of
from record.memory import CountryOnDay, by_name, current_record
from record.models import Country

from .models import CountryPage


def country_urls(language: str) -> dict[str, str]:
    """Return the path of each country's page by three-letter code.

    It is the page in the language, or else the English one. Countries without a published page are left out. One
    query; a worker remembers the result, so it must not be changed.
    """
    return recall(("country urls", language), lambda: _ask_urls(language))


def _ask_urls(language: str) -> dict[str, str]:
    pages = CountryPage.objects.live().filter(
        locale__language_code__in={language, settings.LANGUAGE_CODE}
    )
    pages = pages.select_related("country", "locale").only(
        "url_path", "country__iso3", "locale__language_code"
    )
    roots = SimpleNamespace()  # Stands in for a request.
    use_site_roots(roots)
    urls: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.locale.language_code == language):
        parts = page.get_url_parts(roots)
        if parts and parts[2]:
            urls[page.country.iso3] = parts[2]
    return urls


# The number of countries shown for a state without land borders: those that follow it in its region.
FOLLOWING = 6


@dataclass(frozen=True)
class ListedCountry:
    """A row of a list. `url` is empty if the country has no page."""

    iso3: str
    name: str
    status: str
    status_text: str
    url: str


def countries_of(region: str, *, day: date, language: str) -> list[ListedCountry]:
    """Return the countries of a region, sorted by name in the language.

    The page of a region and those of its countries show the list, so a worker remembers it: it must not be changed.
    """
    return recall(
        ("countries of", region, day, language),
        lambda: _listed(
            [state for state in current_record().on(day) if state.country.region == region],
            language,
        ),
    )


def neighbours(country: Country, *, day: date, language: str) -> list[ListedCountry]:
    """Return the countries that share a land border with this one."""
    record = current_record()
    codes = neighbours_of(country.iso3) & record.countries.keys()
    return _listed([record.countries[code].on(day) for code in codes], language)


def following(country: Country, *, day: date, language: str) -> list[ListedCountry]:
    """Return a few countries that follow this one by name in its region; the first follows the last."""
    region = countries_of(country.region, day=day, language=language)
    place = next((i for i, one in enumerate(region) if one.iso3 == country.iso3), 0)
    return [*region[place + 1 :], *region[:place]][:FOLLOWING]


def _listed(states: Iterable[CountryOnDay], language: str) -> list[ListedCountry]:
    urls = country_urls(language)
    return [
        ListedCountry(
            iso3=state.country.iso3,
            name=state.country.name,
            status=state.status,
            status_text=_short_status(state),
            url=urls.get(state.country.iso3, ""),
        )
        for state in by_name(states, language)
    ]


def _short_status(state: CountryOnDay) -> str:
    if state.standing.leaves_on:
        return _("State Party, withdrawing")
    return str(state.status.label)
