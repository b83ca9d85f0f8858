"""Translating the pages below a page, each by a job of its own, and measuring how much of a page is translated.

wagtail-localize would translate them all within the request, in one transaction. 235 pages in three languages took four
minutes, and the proxy gives up after one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from procrastinate.contrib.django import app
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.operations import translate_object

from core.models import User

# By name, because the task imports this module.
TRANSLATE_PAGE = "core.translate_page"


def queue_pages_below(page: Page, locales: Iterable[Locale], user: User) -> int:
    """Queue a job for each page below this one, parents first. Return the number of jobs."""
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
    """Make drafts of a page in those of the languages that have it as an alias only, or not at all.

    Idempotent: existing translations are kept, since they may be public or written without wagtail-localize.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return
    existing = page.get_translations(inclusive=True).filter(alias_of=None)
    locales = Locale.objects.filter(pk__in=locale_ids).exclude(pk__in=existing.values("locale"))
    if locales:
        user = User.objects.filter(pk=user_id).first()
        translate_object(page.specific, locales, user=user)


@dataclass(frozen=True)
class Progress:
    """The number of texts of a page that is translated in the admin, and of those without a translation."""

    texts: int
    missing: int

    @property
    def is_untouched(self) -> bool:
        """Return whether none of the texts is translated."""
        return self.texts > 0 and self.texts == self.missing


DONE = Progress(texts=0, missing=0)


def progress_of(page: Page) -> Progress:
    """Count the texts of a translated page; both counts are 0 for a page that is no translation.

    The slug is not counted, since it need not be translated.
    """
    translation = (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
        )
        .select_related("source", "target_locale")
        .first()
    )
    if translation is None:
        return DONE
    texts = StringSegment.objects.filter(source=translation.source).exclude(context__path="slug")
    missing = texts.annotate_translation(translation.target_locale).filter(translation__isnull=True)
    return Progress(texts=texts.count(), missing=missing.count())
