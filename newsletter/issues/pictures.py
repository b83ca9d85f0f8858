"""Pictures as programs of mail show them."""

import logging
from dataclasses import dataclass

from wagtail.images.models import SourceImageIOError

from core.metadata import absolute
from core.models import CoalitionImage

logger = logging.getLogger(__name__)

# Of the column, in CSS pixels; the file has twice as many, for dense screens.
WIDTH = 552
# Not every program of mail reads WebP or AVIF.
SPECIFICATION = f"max-{2 * WIDTH}x{4 * WIDTH}|format-jpeg|jpegquality-72"


@dataclass(frozen=True)
class MailPicture:
    """A picture with its whole address, and the size at which it is shown."""

    url: str
    width: int
    height: int
    alt: str


def mail_picture(image: CoalitionImage | None) -> MailPicture | None:
    """The picture for a mail; none where its file is gone, which is logged."""
    if image is None:
        return None
    try:
        rendition = image.get_rendition(SPECIFICATION)
    except SourceImageIOError:
        logger.warning("issue_picture.unreadable", extra={"image": image.pk})
        return None
    width = min(WIDTH, rendition.width)
    return MailPicture(
        url=absolute(rendition.url),
        width=width,
        height=round(rendition.height * width / rendition.width),
        alt=rendition.alt,
    )
