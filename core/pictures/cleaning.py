"""Removes the metadata of every picture: of uploads before they are stored, and of renditions when they are made."""

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile, ImageFieldFile
from django.utils.translation import gettext as _
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import AbstractImage, Filter, WagtailImageFieldFile
from wagtail.users.models import UserProfile
from willow.plugins.pillow import PillowImage

from .metadata import CleanFile, UnreadablePictureError, keep_pixels_only, without_metadata


class StoresCleanPictures(FieldFile):
    """Stores pictures without metadata, whether a form, a command or other code saves them."""

    def save(self, name: str, content: Any, save: bool = True) -> None:
        if not settings.IMAGES_KEEP_METADATA and not isinstance(content, CleanFile):
            content = without_metadata(content, name=name)
        super().save(name, content, save)


class CleanImageFieldFile(StoresCleanPictures, WagtailImageFieldFile):
    """The file of an image of the library."""


def clean_upload(file: IO[bytes], *, name: str) -> CleanFile:
    """Return the uploaded picture in the form to be stored. Raises `ValidationError` if the file is damaged."""
    try:
        return without_metadata(file, name=name)
    except UnreadablePictureError:
        raise ValidationError(
            _(
                "The picture cannot be read: the file may be damaged. Export it again or try another."
            )
        ) from None


class CleanAvatarFieldFile(StoresCleanPictures, ImageFieldFile):
    """The picture of a member of staff."""


def validate_avatar(file: FieldFile) -> None:
    """Raise `ValidationError` for a new upload that is damaged."""
    if file and not file._committed:  # type: ignore[attr-defined]
        clean_upload(file, name=str(file.name))
        file.seek(0)


def clean_avatars() -> None:
    """Apply the same rules to the pictures of staff. Call once, when the apps are ready."""
    field = UserProfile._meta.get_field("avatar")
    field.attr_class = CleanAvatarFieldFile
    field.validators.append(validate_avatar)


class DropMetadata(FilterOperation):
    """The last operation before a rendition is written: Willow would copy EXIF into it, and Pillow comments and XMP."""

    def construct(self) -> None:
        """Take no arguments."""

    def run(self, willow: Any, image: AbstractImage, env: dict[str, Any]) -> PillowImage:
        # A copy: the original may be cropped and resized for other renditions.
        picture = willow.get_pillow_image().copy()
        keep_pixels_only(picture)
        return PillowImage(picture)


class CleanFilter(Filter):
    """A filter whose renditions have no metadata. The orientation in EXIF is applied before it is removed."""

    @property
    def filter_operations(self) -> list[FilterOperation]:
        return [*super().filter_operations, DropMetadata("dropmetadata")]
