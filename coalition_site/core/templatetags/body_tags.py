"""What a page's template asks of its body."""

from django import template
from django.template import Context
from wagtail.blocks import StreamValue

from coalition_site.core.blocks.body import HeadingValue
from coalition_site.core.blocks.links import LinkValue

register = template.Library()

FEWEST_HEADINGS = 3


@register.simple_tag
def contents(body: StreamValue) -> list[HeadingValue]:
    """The headings of a body for its table of contents; none where they are too few to need one."""
    headings = [block.value for block in body if block.block_type == "heading"]
    return headings if len(headings) >= FEWEST_HEADINGS else []


@register.simple_tag(takes_context=True)
def address_of(context: Context, link: LinkValue) -> str:
    """Where the link goes; empty where its page or document is gone."""
    return link.address(context.get("request"))
