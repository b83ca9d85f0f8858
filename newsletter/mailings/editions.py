"""Which translation of an issue goes to the readers of which language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bs4 import BeautifulSoup

from core.translations.services import Progress, progress_of
from newsletter.issues.rendering import render_issue
from newsletter.mail_content import MailContent
from newsletter.models import IssuePage


@dataclass(frozen=True)
class Edition:
    """An issue as readers of one language get it.

    `page` is its translation, or the original where no text is translated.
    """

    language: str
    page: IssuePage
    recipients: int

    @property
    def is_translated(self) -> bool:
        """Whether it is in the readers' language."""
        return self.page.locale.language_code == self.language

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.page)

    @cached_property
    def mail(self) -> MailContent:
        return render_issue(self.page, language=self.language)

    @cached_property
    def document(self) -> BeautifulSoup:
        """The HTML of the mail, to look for links and pictures in."""
        return BeautifulSoup(self.mail.html, "html.parser")


def editions_of(page: IssuePage, recipients: Mapping[str, int]) -> list[Edition]:
    """Return an edition for each language of the recipients, the largest first. `page` is the one that is sent."""
    pages = _translations(page, recipients)
    ordered = sorted(recipients.items(), key=lambda counted: (-counted[1], counted[0]))
    return [Edition(language, pages.get(language, page), number) for language, number in ordered]


def _translations(page: IssuePage, languages: Iterable[str]) -> dict[str, IssuePage]:
    translations = IssuePage.objects.filter(
        translation_key=page.translation_key, locale__language_code__in=list(languages)
    )
    published = translations.live().filter(alias_of=None).select_related("locale")
    return {
        found.locale.language_code: found
        for found in published
        if not progress_of(found).is_untouched
    }
