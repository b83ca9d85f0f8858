"""Pictures as cameras and programs write them: with location, device, comments, orientation and colour profile."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

SECRET = "WitnessCam"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>{SECRET} 12.34N</rdf:li></x:xmpmeta>'.encode()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# 240 × 320 when upright, red above and blue below. Stored on its side, as phones store it.
UPRIGHT = (240, 320)
RED, BLUE = (220, 20, 20), (20, 20, 220)


def exif(*, orientation: int = 6) -> bytes:
    """Return EXIF data with a camera, a comment, a location and an orientation."""
    tags = Image.Exif()
    tags[ExifTags.Base.Make] = SECRET
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.UserComment] = SECRET
    place = tags.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (12.0, 34.0, 56.0)
    return tags.tobytes()


def on_its_side() -> Image.Image:
    picture = Image.new("RGB", UPRIGHT, BLUE)
    picture.paste(RED, (0, 0, UPRIGHT[0], UPRIGHT[1] // 2))
    return picture.transpose(Image.Transpose.ROTATE_90)


def _saved(kind: str, **options: Any) -> bytes:
    file = BytesIO()
    on_its_side().save(file, kind, **options)
    return file.getvalue()


def jpeg() -> bytes:
    """Return a JPEG with IPTC data as written by Photoshop, and more data after its end, as of a second picture."""
    iptc = b"Photoshop 3.0\x00" + b"8BIM\x04\x04\x00\x00" + struct.pack(">I", 20) + SECRET.encode()
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    content = _saved("JPEG", exif=exif(), xmp=XMP, comment=SECRET, icc_profile=PROFILE, quality=90)
    return content[:2] + segment + content[2:] + SECRET.encode()


def png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET)
    text.add_text("Comment", SECRET, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return _saved("PNG", exif=exif(), pnginfo=text, icc_profile=PROFILE)


def webp() -> bytes:
    return _saved("WEBP", exif=exif(), xmp=XMP, icc_profile=PROFILE, quality=90)


def avif() -> bytes:
    return _saved("AVIF", exif=exif(), xmp=XMP, icc_profile=PROFILE, quality=90)


def gif() -> bytes:
    """Return a GIF with a comment, and XMP in an application block. GIF has neither orientation nor profile."""
    file = BytesIO()
    upright = on_its_side().transpose(Image.Transpose.ROTATE_270)
    upright.save(file, "GIF", comment=SECRET)
    content = file.getvalue()
    block = b"\x21\xff\x0bXMP DataXMP" + bytes([len(XMP)]) + XMP + b"\x00"
    return content[:-1] + block + content[-1:]


ORIGINALS: dict[str, Callable[[], bytes]] = {
    "jpg": jpeg,
    "png": png,
    "webp": webp,
    "avif": avif,
    "gif": gif,
}


def told_by(content: bytes) -> set[str]:
    """Return the kinds of metadata in the file, found by Pillow or in the bytes."""
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        told = {"exif", "xmp", "comment", "photoshop", "mp", "XML:com.adobe.xmp"} & set(
            picture.info
        )
        told |= {"exif"} if dict(picture.getexif()) else set()
        told |= {"text"} if getattr(picture, "text", None) else set()
    marks = (SECRET.encode(), b"Exif", b"xmpmeta", b"XMP ", b"Photoshop", b"tEXt", b"zTXt", b"iTXt")
    return told | {mark.decode() for mark in (*marks, b"eXIf", b"EXIF") if mark in content}


def is_upright(content: bytes) -> bool:
    with Image.open(BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    above, below = (
        picture.getpixel((width // 2, height // 8)),
        picture.getpixel((width // 2, height * 7 // 8)),
    )
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    return height > width and above[0] > above[2] and below[2] > below[0]


def profile_of(content: bytes) -> bytes | None:
    with Image.open(BytesIO(content)) as picture:
        profile: bytes | None = picture.info.get("icc_profile")
    return profile
