"""The inline stylesheet of a page, and colours."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.stylesheet import colour, page_style

register = template.Library()


@register.simple_tag(takes_context=True)
def site_style(context: Context, *parts: str) -> SafeString:
    """Return a `<style>` element with the named parts, so that the first paint needs no second request.

    SecurityHeadersMiddleware allows the source that is noted on the request.
    """
    style = page_style(*parts)
    context["request"].style_source = style.policy_source
    # Our own files, none of which can end the element: see test_stylesheet.
    return format_html("<style>{}</style>", mark_safe(style.text))  # noqa: S308


@register.simple_tag(name="colour")
def colour_of_token(name: str, *, dark: bool = False) -> str:
    """Return the value of a colour token, for mail and pictures that no stylesheet reaches."""
    return colour(name, dark=dark)
