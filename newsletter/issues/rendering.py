"""Renders an issue as the content of a mail, and chooses its translation for the readers of each language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.metadata import absolute
from core.models import SiteSettings
from core.page_cache.site import use_site_roots
from core.translations.services import Progress, progress_of
from newsletter.mail_content import MailContent, Slot
from newsletter.models import IssuePage

# Inboxes show about a hundred characters. These invisible ones fill the space after the preheader.
BLANKS = "\N{COMBINING GRAPHEME JOINER}\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}" * 25


def render_issue(page: IssuePage, *, language: str) -> MailContent:
    """Render the issue for readers of `language`: its frame, articles and changes are in that language.

    The text is that of `page`, marked with its language if that differs. Needs no request. Writes only renditions of
    pictures.
    """
    with translation.override(language):
        context = _context(page, language)
        # A header must be one line.
        subject = " ".join(page.mail_subject.split())
        html = render_to_string(
            "email/issue/mail.html",
            {**context, "subject": subject, "body": _render_body(page, context, "html")},
        )
        text = render_to_string(
            "email/issue/mail.txt", {**context, "body": _render_body(page, context, "txt")}
        )
        return MailContent(subject=subject, html=html, text=_without_gaps(text), language=language)


def web_address(page: Page) -> str:
    """Return the absolute URL of a page, without a request; that of the front page if the page has none."""
    use_site_roots(page)
    return absolute(page.url or "/")


def _context(page: IssuePage, language: str) -> dict[str, Any]:
    # An untranslated copy has the text of its original.
    text_language = (page.alias_of or page).locale.language_code
    settings = SiteSettings.objects.filter(site__is_default_site=True).first() or SiteSettings()
    return {
        "page": page,
        "address": web_address(page),
        "language": language,
        "is_rtl": translation.get_language_bidi(),
        "text_language": text_language,
        "text_lang": "" if text_language == language else text_language,
        "text_is_rtl": translation.get_language_info(text_language)["bidi"],
        "blanks": BLANKS,
        "preheader": page.preheader or page.summary,
        "site_settings": settings,
        "site": absolute("/"),
        "preferences": str(Slot.PREFERENCES),
        "unsubscribe": str(Slot.UNSUBSCRIBE),
    }


def _render_body(page: IssuePage, context: dict[str, Any], part: str) -> SafeString:
    """Render each block by the template of its type for this part of the mail, "html" or "txt"."""
    rendered = [
        render_to_string(
            f"email/issue/{child.block_type}.{part}",
            child.block.get_context(child.value, parent_context=context),
        )
        for child in page.body
    ]
    # This is the output of our own templates.
    return mark_safe("\n".join(rendered))  # noqa: S308


def _without_gaps(text: str) -> str:
    """Reduce the gaps that templates leave to one empty line."""
    lines = (line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


@dataclass(frozen=True)
class Edition:
    """The version of an issue for the readers of one language.

    `page` is its translation, or the original if no text is translated.
    """

    language: str
    page: IssuePage
    recipients: int

    @property
    def is_translated(self) -> bool:
        """Return whether the page is in the readers' language."""
        return self.page.locale.language_code == self.language

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.page)

    @cached_property
    def mail(self) -> MailContent:
        return render_issue(self.page, language=self.language)

    @cached_property
    def document(self) -> BeautifulSoup:
        """Parse the HTML of the mail, to find links and pictures."""
        return BeautifulSoup(self.mail.html, "html.parser")


def editions_of(page: IssuePage, recipients: Mapping[str, int]) -> list[Edition]:
    """Return an edition for each language, those with most recipients first. `page` is the original."""
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
