"""What the templates of an issue's mail ask."""

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
from newsletter.issues import pictures, rendering, rich_text
from newsletter.mail_content import MailContent, Slot, fill
from newsletter.models import IssuePage

register = template.Library()

register.filter("absolute", absolute)


@register.simple_tag(takes_context=True)
def mail_html(context: Context, text: RichText) -> SafeString:
    """Rich text for the HTML part."""
    return rich_text.mail_html(text, base=context["address"])


@register.simple_tag(takes_context=True)
def plain_text(context: Context, text: RichText) -> str:
    """Rich text for the plain part."""
    return rich_text.plain_text(text, base=context["address"])


@register.simple_tag(takes_context=True)
def foreign_words(context: Context, page: Page) -> dict[str, Any] | None:
    """`code` and `bidi` of the language of a page's words; none where it is that of the words around them."""
    code = (page.alias_of or page).locale.language_code
    return None if code == context["words_language"] else dict(get_language_info(code))


@register.simple_tag
def mail_picture(image: CoalitionImage | None) -> pictures.MailPicture | None:
    """A picture of the HTML part: url, width, height, alt."""
    return pictures.mail_picture(image)


@register.simple_tag
def mail_preview(page: IssuePage) -> MailContent:
    """Render the mail as it would be sent now, with dead ends for each recipient's own links."""
    mail = rendering.render_issue(page, language=page.locale.language_code)
    return replace(mail, html=fill(mail.html, dict.fromkeys(Slot, "#")))


@register.filter
def underlined(heading: str) -> str:
    """A heading of the plain part."""
    return f"{heading}\n{'-' * min(len(heading), 72)}"
