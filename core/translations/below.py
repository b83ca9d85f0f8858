"""Translates the pages below a page, each by a job of its own.

wagtail-localize would do it within the request, in one transaction. 235 pages in three languages took four minutes, and
the proxy gives up after one.
"""

from collections.abc import Iterable

from procrastinate.contrib.django import app
from wagtail.models import Locale, Page
from wagtail_localize.operations import translate_object

from core.models import User

# Named, not imported: the task calls this module.
TRANSLATE_PAGE = "core.translate_page"


def queue_pages_below(page: Page, locales: Iterable[Locale], user: User) -> int:
    """Have the worker translate all pages below this one, parents first. Return how many there are."""
    locale_ids = [locale.pk for locale in locales]
    page_ids = list(page.get_descendants().order_by("path").values_list("pk", flat=True))
    app.configure_task(TRANSLATE_PAGE).batch_defer(
        *(
            {"page_id": page_id, "locale_ids": locale_ids, "user_id": user.pk}
            for page_id in page_ids
        )
    )
    return len(page_ids)


def translate_page(*, page_id: int, locale_ids: list[int], user_id: int) -> None:
    """Make drafts of a page in those of the languages that have it only as an alias, or not at all.

    What is there stays: it may be public, or written without wagtail-localize. So the job may be done twice.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return
    there = page.get_translations(inclusive=True).filter(alias_of=None)
    locales = Locale.objects.filter(pk__in=locale_ids).exclude(pk__in=there.values("locale"))
    if locales:
        user = User.objects.filter(pk=user_id).first()
        translate_object(page.specific, locales, user=user)
