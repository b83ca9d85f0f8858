"""What a page's template asks of its body."""

import re

from django import template
from django.template import Context
from django.utils.formats import number_format
from wagtail.blocks import StreamValue

from core.blocks.body import HeadingValue
from core.blocks.links import LinkValue

register = template.Library()

FEWEST_HEADINGS = 3
GROUPED_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,]*\d)")


@register.simple_tag
def contents(body: StreamValue) -> list[HeadingValue]:
    """The headings of a body for its table of contents; none where they are too few to need one."""
    headings = [block.value for block in body if block.block_type == "heading"]
    return headings if len(headings) >= FEWEST_HEADINGS else []


@register.filter
def grouped(figure: str) -> str:
    """A figure that was typed in English, such as “2,500+”, with the thousands separated as readers are used to."""
    return GROUPED_NUMBER.sub(
        lambda match: number_format(int(match[0].replace(",", "")), force_grouping=True), figure
    )


@register.simple_tag(takes_context=True)
def address_of(context: Context, link: LinkValue) -> str:
    """Where the link goes; empty where its page or document is gone."""
    return link.address(context.get("request"))
