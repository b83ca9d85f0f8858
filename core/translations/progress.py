"""How much of a page is translated."""

from dataclasses import dataclass

from wagtail.models import Page
from wagtail_localize.models import StringSegment, Translation


@dataclass(frozen=True)
class Progress:
    """The texts of a page that is translated in the admin, and those among them without a translation."""

    texts: int
    missing: int

    @property
    def is_untouched(self) -> bool:
        """Whether the page says in its language nothing but what the original says."""
        return self.texts > 0 and self.texts == self.missing


DONE = Progress(texts=0, missing=0)


def progress_of(page: Page) -> Progress:
    """How far the translation of a page is. A page that was written in its own language is done.

    The slug is left out: it need not be translated.
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
