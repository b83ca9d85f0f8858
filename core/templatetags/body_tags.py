"""Tags for the table of contents, figures and links of a page's body."""

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
    """Return the headings for a table of contents, or an empty list if there are too few."""
    headings = [block.value for block in body if block.block_type == "heading"]
    return headings if len(headings) >= FEWEST_HEADINGS else []


@register.filter
def grouped(figure: str) -> str:
    """Format a figure typed in English, such as “2,500+”, with the thousands separator of the active language."""
    return GROUPED_NUMBER.sub(
        lambda match: number_format(int(match[0].replace(",", "")), force_grouping=True), figure
    )


@register.simple_tag(takes_context=True)
def address_of(context: Context, link: LinkValue) -> str:
    """Return the address of a link; empty if its page or document is gone."""
    return link.address(context.get("request"))
