"""Wagtail's search index in PostgreSQL, with each page stemmed in its own language.

Wagtail indexes everything with one text search configuration. With English rules, a search in French for "victime" does
not find "victimes". So pages are indexed with the configuration of their language, and everything else with English.
"""

from itertools import groupby
from typing import Any

from django.conf import settings
from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend
from wagtail.models import Locale


def search_configuration(language: str) -> str:
    """Return the name of the text search configuration of a language, which a migration of this app makes.

    It removes accents before stemming, because people type "Cote d'Ivoire" and "cour penale".
    """
    return f"site_{language}"


class LanguageIndex(PostgresIndex):
    """Adds each object with the configuration of its language."""

    def add_items(self, model: type[Any], objs: list[Any]) -> None:
        codes = dict(Locale.objects.values_list("pk", "language_code"))

        def language_of(item: Any) -> str:
            return codes.get(getattr(item, "locale_id", None), settings.LANGUAGE_CODE)

        for language, items in groupby(sorted(objs, key=language_of), key=language_of):
            backend = PostgresSearchBackend({"SEARCH_CONFIG": search_configuration(language)})
            PostgresIndex(backend).add_items(model, list(items))


class SearchBackend(PostgresSearchBackend):
    """The backend of `WAGTAILSEARCH_BACKENDS`. Searches in the admin use English rules."""

    index_class = LanguageIndex

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({"SEARCH_CONFIG": search_configuration(settings.LANGUAGE_CODE), **params})
