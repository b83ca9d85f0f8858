"""An issue as the content of a mail in one language, with slots for each recipient's own links."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.metadata import absolute
from core.models import SiteSettings
from core.page_cache.site import use_site_roots
from newsletter.mail_content import MailContent, Slot
from newsletter.models import IssuePage

# Lists of mail show some hundred letters: these take up what the preheader leaves, and are not to be seen.
BLANKS = "\N{COMBINING GRAPHEME JOINER}\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}" * 25


def render_issue(page: IssuePage, *, language: str) -> MailContent:
    """Render the issue for readers of `language`: its frame, articles and changes are in that language.

    The text is that of `page`, marked with its language where that differs. Needs no request. Writes only renditions
    of pictures.
    """
    with translation.override(language):
        context = _context(page, language)
        # A header is one line.
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
    """The whole address of a page, for which no request is needed. The front page's where the page has none."""
    use_site_roots(page)
    return absolute(page.url or "/")


def _context(page: IssuePage, language: str) -> dict[str, Any]:
    # A copy that nobody translated has the words of its original.
    words_in = (page.alias_of or page).locale.language_code
    settings = SiteSettings.objects.filter(site__is_default_site=True).first() or SiteSettings()
    return {
        "page": page,
        "address": web_address(page),
        "language": language,
        "is_rtl": translation.get_language_bidi(),
        "words_language": words_in,
        "words_in": "" if words_in == language else words_in,
        "words_are_rtl": translation.get_language_info(words_in)["bidi"],
        "blanks": BLANKS,
        "preheader": page.preheader or page.summary,
        "site_settings": settings,
        "site": absolute("/"),
        "preferences": str(Slot.PREFERENCES),
        "unsubscribe": str(Slot.UNSUBSCRIBE),
    }


def _render_body(page: IssuePage, context: dict[str, Any], part: str) -> SafeString:
    """The blocks, each by the template of its kind for this part of the mail."""
    rendered = [
        render_to_string(
            f"email/issue/{child.block_type}.{part}",
            child.block.get_context(child.value, parent_context=context),
        )
        for child in page.body
    ]
    # From our own templates.
    return mark_safe("\n".join(rendered))  # noqa: S308


def _without_gaps(text: str) -> str:
    """With one empty line at most between paragraphs, whatever the templates left."""
    lines = (line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
