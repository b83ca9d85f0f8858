"""Where the pages of countries are."""

from types import SimpleNamespace

from django.conf import settings

from core.page_cache.memory import recall
from core.page_cache.site import use_site_roots

from .models import CountryPage


def country_urls(language: str) -> dict[str, str]:
    """The path of each country's page, by the country's ISO code of three letters.

    The page in the language, or else the English one; a country without a published page is left out. One query,
    which a worker remembers: not to be changed.
    """
    return recall(("country urls", language), lambda: _ask_urls(language))


def _ask_urls(language: str) -> dict[str, str]:
    pages = CountryPage.objects.live().filter(
        locale__language_code__in={language, settings.LANGUAGE_CODE}
    )
    pages = pages.select_related("country", "locale").only(
        "url_path", "country__iso3", "locale__language_code"
    )
    roots = SimpleNamespace()  # In the place of a request.
    use_site_roots(roots)
    urls: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.locale.language_code == language):
        parts = page.get_url_parts(roots)
        if parts and parts[2]:
            urls[page.country.iso3] = parts[2]
    return urls
