"""How a page looks, told in the page itself."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.stylesheet import colour, page_style

register = template.Library()


@register.simple_tag(takes_context=True)
def site_style(context: Context, *parts: str) -> SafeString:
    """The stylesheet with the named parts as an element, so that the first paint waits for no second request.

    SecurityHeadersMiddleware lets in what the request says its page holds.
    """
    style = page_style(*parts)
    context["request"].style_source = style.policy_source
    # Files of ours; nothing in them ends the element: see test_stylesheet.
    return format_html("<style>{}</style>", mark_safe(style.text))  # noqa: S308


@register.simple_tag(name="colour")
def colour_of_token(name: str, *, dark: bool = False) -> str:
    """Write the value of a colour token, where no stylesheet reaches: a picture on paper, or mail."""
    return colour(name, dark=dark)
