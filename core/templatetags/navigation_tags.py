"""Menus, breadcrumbs and the language switch, for `base.html` and its components.

Each tag works on pages, on views without a page (search, newsletter: the links are those of the active language) and
on error pages. Where there is no request, as on the page that stands in for a failed one, nothing is asked of the
database and the lists are empty.
"""

from django import template
from django.template import Context
from wagtail.models import Page

from core.navigation import Language, Link, Navigation, language_attributes

register = template.Library()


@register.simple_tag(takes_context=True)
def primary_navigation(context: Context) -> list[Link]:
    """Sections: title, url, is_current (this section), is_page (this very page)."""
    navigation = _navigation(context)
    return navigation.primary if navigation else []


@register.simple_tag(takes_context=True)
def footer_navigation(context: Context) -> list[Link]:
    """Pages for the foot: title, url, is_current, is_page."""
    navigation = _navigation(context)
    return navigation.footer if navigation else []


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context) -> list[Link]:
    """From the front page to this page; empty on the front page.

    A view without a page names itself with `title` in its context, and with `parents` the views over it.
    """
    navigation = _navigation(context)
    if navigation is None:
        return []
    return navigation.breadcrumbs(str(context.get("title") or ""), context.get("parents") or ())


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[Language]:
    """Languages with a published front page: code, name, direction, url, is_current, is_translation."""
    navigation = _navigation(context)
    return navigation.languages if navigation else []


register.filter(language_attributes)


def _navigation(context: Context) -> Navigation | None:
    request = context.get("request")
    page = context.get("page")
    if request is None:
        return None
    return Navigation.of(request, page if isinstance(page, Page) else None)
