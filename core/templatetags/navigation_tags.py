"""Menus, breadcrumbs and the language switch, for `base.html` and its components.

Each tag works on pages, on views without a page (such as search, with the links of the active language) and on error
pages. Without a request, as when a page has failed, the lists are empty and the database is not queried.
"""

from django import template
from django.template import Context
from wagtail.models import Page

from core.navigation import Language, Link, Navigation, language_attributes

register = template.Library()


@register.simple_tag(takes_context=True)
def primary_navigation(context: Context) -> list[Link]:
    """Return the sections: title, url, is_current (the section of this page), is_page (this page itself)."""
    navigation = _navigation(context)
    return navigation.primary if navigation else []


@register.simple_tag(takes_context=True)
def footer_navigation(context: Context) -> list[Link]:
    """Return the pages of the footer: title, url, is_current, is_page."""
    navigation = _navigation(context)
    return navigation.footer if navigation else []


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context) -> list[Link]:
    """Return the links from the front page to this page; empty on the front page.

    A view without a page has its `title` and its `parents` in the context.
    """
    navigation = _navigation(context)
    if navigation is None:
        return []
    return navigation.breadcrumbs(str(context.get("title") or ""), context.get("parents") or ())


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[Language]:
    """Return the languages with a published front page: code, name, direction, url, is_current, is_translation."""
    navigation = _navigation(context)
    return navigation.languages if navigation else []


register.filter(language_attributes)


def _navigation(context: Context) -> Navigation | None:
    request = context.get("request")
    page = context.get("page")
    if request is None:
        return None
    return Navigation.of(request, page if isinstance(page, Page) else None)
