"""The metadata of a response, for `components/meta.html`."""

from django import template
from django.template import Context
from wagtail.models import Page

from core.metadata import Metadata

register = template.Library()


@register.simple_tag(takes_context=True)
def metadata(context: Context) -> Metadata | None:
    """Return the metadata of `page`, or of a view with `title`, `description`, `parents` and `noindex` in its context.

    None without a request, as on error pages.
    """
    request = context.get("request")
    if request is None:
        return None
    page = context.get("page")
    return Metadata(
        request=request,
        page=page if isinstance(page, Page) else None,
        view_title=str(context.get("title") or ""),
        view_description=str(context.get("description") or ""),
        view_parents=context.get("parents") or (),
        noindex=bool(context.get("noindex")),
    )
