"""Pictures as wide as the column of text, and never wider than they are."""

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
    """Return the picture in the formats and widths that browsers choose from, with its own width as a limit.

    A browser would enlarge a picture of 200 pixels to the width that `sizes` promises.
    """
    renditions = get_renditions_or_not_found(image, SPECIFICATIONS)
    widest = max(renditions.values(), key=lambda rendition: rendition.width)
    if widest.width:  # Nothing is known of a file that cannot be read or made.
        limit = f"{widest.width}px"
        attributes |= {
            "width": widest.width,
            "height": widest.height,
            "sizes": f"(min-width: 46rem) min({COLUMN}, {limit}), min({SCREEN}, {limit})",
        }
    return Picture(renditions, attributes)
