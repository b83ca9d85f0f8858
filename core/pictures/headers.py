"""Reads the size of a picture from its header, so that one with too many pixels is refused before it is decoded.

Willow decodes the whole picture to get its size: a file of 0.4 MB with 12,000 × 12,000 pixels took 550 MB of memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField
from willow.image import (
    AvifImageFile,
    GIFImageFile,
    ImageFile,
    JPEGImageFile,
    PNGImageFile,
    WebPImageFile,
)
from willow.registry import registry

from .metadata import BROKEN

_check_pixels_of_wagtail = WagtailImageField.check_image_pixel_size
FORMATS = (AvifImageFile, GIFImageFile, JPEGImageFile, PNGImageFile, WebPImageFile)


@contextmanager
def _header(willow: ImageFile) -> Iterator[Image.Image]:
    willow.f.seek(0)
    yield Image.open(willow.f)
    willow.f.seek(0)


def get_size(willow: ImageFile) -> tuple[int, int]:
    """Return width and height in pixels as stored, before the orientation in EXIF is applied."""
    with _header(willow) as picture:
        return picture.size


def get_frame_count(willow: ImageFile) -> int:
    """Return the number of frames of an animation; 1 for a still picture."""
    # The other pictures in a camera's JPEG are smaller copies of the first.
    if isinstance(willow, JPEGImageFile):
        return 1
    with _header(willow) as picture:
        frames: Any = getattr(picture, "n_frames", 1)
        return int(frames)


def _check_pixels(field: WagtailImageField, file: Any) -> None:
    try:
        _check_pixels_of_wagtail(field, file)
    except BROKEN:
        raise ValidationError(field.error_messages["invalid_image"], code="invalid_image") from None


def read_headers_only() -> None:
    """Make Willow read headers, and forms report broken ones. Call once, when the apps are ready."""
    WagtailImageField.check_image_pixel_size = _check_pixels
    for kind in FORMATS:
        registry.register_operation(kind, "get_size", get_size)
        registry.register_operation(kind, "get_frame_count", get_frame_count)
