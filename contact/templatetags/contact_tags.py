"""The contact page, for templates of the apps below, which may not import this one."""

from django import template
from django.template import Context

from contact.models import ContactPage
from core.navigation import Navigation
from core.page_cache.memory import recall

register = template.Library()


@register.simple_tag(takes_context=True)
def contact_page(context: Context) -> ContactPage | None:
    """Return the first live contact page in the reader's language, or None."""
    home = Navigation.of(context["request"], context.get("page")).home
    if home is None:
        return None
    pages = ContactPage.objects.descendant_of(home).live().defer_streamfields().order_by("path")
    return recall(("contact page", home.pk), pages.first)
