"""Pictures as wide as the text column, and never enlarged."""

from typing import Any

from django import template
from wagtail.images.models import Filter, Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

from core.models import CoalitionImage

register = template.Library()

# The widths are those of the text column on phones, on tablets, and on dense screens.
SPECIFICATIONS = Filter.expand_spec("format-{avif,webp}|width-{360,720,1344}")
COLUMN = "42rem"
SCREEN = "92vw"


@register.simple_tag
def column_picture(image: CoalitionImage, **attributes: Any) -> Picture:
    """Return the picture in formats and widths for browsers to choose from, limited to its own width.

    Without the limit a browser would enlarge a picture of 200 pixels to the width in `sizes`.
    """
    renditions = get_renditions_or_not_found(image, SPECIFICATIONS)
    widest = max(renditions.values(), key=lambda rendition: rendition.width)
    if widest.width:  # The width of a missing or unreadable file is unknown.
        limit = f"{widest.width}px"
        attributes |= {
            "width": widest.width,
            "height": widest.height,
            "sizes": f"(min-width: 46rem) min({COLUMN}, {limit}), min({SCREEN}, {limit})",
        }
    return Picture(renditions, attributes)
