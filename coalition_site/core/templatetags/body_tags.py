"""What a page's template asks of its body."""

from django import template
from wagtail.blocks import StreamValue

from coalition_site.core.blocks.body import HeadingValue

register = template.Library()

FEWEST_HEADINGS = 3


@register.simple_tag
def contents(body: StreamValue) -> list[HeadingValue]:
    """The headings of a body for its table of contents; none where they are too few to need one."""
    headings = [block.value for block in body if block.block_type == "heading"]
    return headings if len(headings) >= FEWEST_HEADINGS else []
