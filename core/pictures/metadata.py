"""Removes what a camera or a program wrote into a picture beside its pixels: place, time, device, names, comments.

A photograph of a witness must not say where it was taken. Pictures are written anew, from their pixels and their colour
profile alone, so that what is kept is listed here, and whatever a format may carry elsewhere is not.
"""

import struct
import zlib
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, JpegImagePlugin

# Of what Pillow knows of a picture beside its pixels, what they cannot be shown without.
KEPT = ("icc_profile", "transparency")

# Where Pillow puts what a picture tells beside its pixels. Of GIF, programs' own blocks too.
TELLING = ("XML:com.adobe.xmp", "comment", "exif", "extension", "mp", "photoshop", "xmp")

# How an original is written anew. Of JPEG, its own tables are used: the same quality, and the same size.
_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 90, "speed": 8},
    "GIF": {},
    "JPEG": {"optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 95},
}
# What Pillow raises on files that break off or contradict themselves.
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
    """The file is no picture, breaks off, or is of a format that the site doesn't take."""


class CleanFile(ContentFile):  # type: ignore[type-arg] # It has none at run time.
    """A picture that holds nothing but its pixels and its colour profile."""


def without_metadata(file: IO[bytes], *, name: str | None = None) -> CleanFile:
    """Return the picture in `file` without its metadata, turned upright, in the same format.

    Of an animation, the first frame. Raises `UnreadablePictureError`. The whole picture is decoded, so what has too
    many pixels is to be refused first.
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
    """Return whether the picture tells more than its pixels. Raises `UnreadablePictureError`."""
    file.seek(0)
    try:
        with Image.open(file) as picture:
            return bool(
                any(picture.info.get(key) for key in TELLING)
                or dict(picture.getexif())
                or getattr(picture, "text", None)
            )
    except BROKEN as error:
        raise UnreadablePictureError from error


def keep_pixels_only(picture: Image.Image) -> None:
    """Forget, in place, all that Pillow would write into a file beside the pixels, the colour profile apart."""
    picture.load()
    picture.info = {key: value for key, value in picture.info.items() if key in KEPT}


def _way_to_write(picture: Image.Image) -> tuple[str, dict[str, Any]]:
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        # Also of files in which cameras keep several pictures: the first is a JPEG like others.
        return "JPEG", {
            **_OPTIONS["JPEG"],
            "progressive": "progressive" in picture.info,
            "qtables": picture.quantization,
            "subsampling": JpegImagePlugin.get_sampling(picture),
        }
    kind = str(picture.format)
    return kind, _OPTIONS[kind]
