"""Removes the metadata that a camera or a program wrote into a picture: place, time, device, names, comments.

A photograph of a witness must not reveal where it was taken. Pictures are written anew from their pixels and their
colour profile alone: what is kept is listed here, so nothing that a format may hold elsewhere slips through.
"""

import struct
import zlib
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, JpegImagePlugin

# Entries of Pillow's `info` without which the pixels cannot be shown.
KEPT = ("icc_profile", "transparency")

# Entries of Pillow's `info` that hold metadata, including the application blocks of GIF.
METADATA = ("XML:com.adobe.xmp", "comment", "exif", "extension", "mp", "photoshop", "xmp")

# Options with which an original is written anew. A JPEG keeps its own tables, and so its quality and size.
_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 90, "speed": 8},
    "GIF": {},
    "JPEG": {"optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 95},
}
# Errors that Pillow raises on truncated or inconsistent files.
BROKEN: tuple[type[Exception], ...] = (
    EOFError,
    Image.DecompressionBombError,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class UnreadablePictureError(Exception):
    """The file is no picture, is damaged, or has a format that the site does not accept."""


class CleanFile(ContentFile):  # type: ignore[type-arg] # It has none at run time.
    """A picture that holds only its pixels and its colour profile."""


def without_metadata(file: IO[bytes], *, name: str | None = None) -> CleanFile:
    """Return the picture in `file` without its metadata, turned upright, in the same format.

    Only the first frame of an animation is kept. The whole picture is decoded, so refuse pictures with too many pixels
    first. Raises `UnreadablePictureError`.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=list(_OPTIONS)) as picture:
            kind, options = _way_to_write(picture)
            ImageOps.exif_transpose(picture, in_place=True)
            keep_pixels_only(picture)
            written = BytesIO()
            picture.save(written, kind, **options, icc_profile=picture.info.get("icc_profile"))
    except BROKEN as error:
        raise UnreadablePictureError from error
    return CleanFile(written.getvalue(), name=name)


def carries_metadata(file: IO[bytes]) -> bool:
    """Return whether the picture has metadata. Raises `UnreadablePictureError`."""
    file.seek(0)
    try:
        with Image.open(file) as picture:
            return bool(
                any(picture.info.get(key) for key in METADATA)
                or dict(picture.getexif())
                or getattr(picture, "text", None)
            )
    except BROKEN as error:
        raise UnreadablePictureError from error


def keep_pixels_only(picture: Image.Image) -> None:
    """Remove from the picture, in place, all metadata that Pillow would write to a file, except the profile."""
    picture.load()
    picture.info = {key: value for key, value in picture.info.items() if key in KEPT}


def _way_to_write(picture: Image.Image) -> tuple[str, dict[str, Any]]:
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        # Files in which cameras keep several pictures (MPO) too: the first is an ordinary JPEG.
        return "JPEG", {
            **_OPTIONS["JPEG"],
            "progressive": "progressive" in picture.info,
            "qtables": picture.quantization,
            "subsampling": JpegImagePlugin.get_sampling(picture),
        }
    kind = str(picture.format)
    return kind, _OPTIONS[kind]
