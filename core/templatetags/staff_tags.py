"""Wagtail's user bar on public pages, for staff."""

from django import template
from django.conf import settings
from django.template import Context
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_bar(context: Context) -> str:
    """Return Wagtail's user bar, with the link to the editor and the accessibility checker.

    Without a session cookie it does not access the session: the response would vary on the cookie and not be cached.
    """
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return str(wagtailuserbar(context))
