"""The articles that an issue tells of."""

from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Page

from core.language import current_language
from core.page_cache.site import use_site_roots
from news.models import ArticlePage


def articles_for_reader(chosen: Iterable[Page | None]) -> list[ArticlePage]:
    """The chosen articles in their order, each in the active language where it is translated, else as chosen.

    Without those that nobody or not everybody may read. A handful of queries, whatever their number.
    """
    pages = [page for page in chosen if page is not None]
    if not pages:
        return []
    language = current_language()
    in_language = Q(
        translation_key__in=[page.translation_key for page in pages],
        locale__language_code=language,
    )
    wanted = Q(pk__in=[page.pk for page in pages]) | in_language
    # The words of the reader's language are written over those that were chosen.
    articles = (
        ArticlePage.objects.filter(wanted).for_list().select_related("locale", "alias_of__locale")
    )
    by_key: dict[object, ArticlePage] = {}
    for article in articles:
        if article.translation_key not in by_key or article.locale.language_code == language:
            by_key[article.translation_key] = article
    found = [by_key[page.translation_key] for page in pages if page.translation_key in by_key]
    use_site_roots(*found)
    return found
