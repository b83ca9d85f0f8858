"""Tags and filters for the templates of an issue's mail."""

from dataclasses import replace
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from wagtail.models import Page
from wagtail.rich_text import RichText

from core.metadata import absolute
from core.models import CoalitionImage
from newsletter.issues import markup, rendering
from newsletter.mail_content import MailContent, Slot, fill
from newsletter.models import IssuePage

register = template.Library()

register.filter("absolute", absolute)


@register.simple_tag(takes_context=True)
def mail_html(context: Context, text: RichText) -> SafeString:
    """Convert rich text for the HTML part."""
    return markup.mail_html(text, base=context["address"])


@register.simple_tag(takes_context=True)
def plain_text(context: Context, text: RichText) -> str:
    """Convert rich text for the plain-text part."""
    return markup.plain_text(text, base=context["address"])


@register.simple_tag(takes_context=True)
def foreign_language(context: Context, page: Page) -> dict[str, Any] | None:
    """Return `code` and `bidi` of the language of a page's text; None if the text around it is in the same language."""
    code = (page.alias_of or page).locale.language_code
    return None if code == context["text_language"] else dict(get_language_info(code))


@register.simple_tag
def mail_picture(image: CoalitionImage | None) -> markup.MailPicture | None:
    """Return `url`, `width`, `height` and `alt` of a picture for the HTML part; None without a readable picture."""
    return markup.mail_picture(image)


@register.simple_tag
def mail_preview(page: IssuePage) -> MailContent:
    """Render the mail as it would be sent now, with `#` in place of personal links."""
    mail = rendering.render_issue(page, language=page.locale.language_code)
    return replace(mail, html=fill(mail.html, dict.fromkeys(Slot, "#")))


@register.filter
def underlined(heading: str) -> str:
    """Underline a heading of the plain-text part."""
    return f"{heading}\n{'-' * min(len(heading), 72)}"
