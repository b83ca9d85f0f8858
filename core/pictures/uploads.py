"""Makes every picture that is uploaded, those of staff included, lose its metadata before it is stored."""

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile, ImageFieldFile
from django.utils.translation import gettext as _
from wagtail.images.models import WagtailImageFieldFile
from wagtail.users.models import UserProfile

from .metadata import CleanFile, UnreadablePictureError, without_metadata


class StoresCleanPictures(FieldFile):
    """Stores pictures without metadata, by whichever way they come: form, command or code."""

    def save(self, name: str, content: Any, save: bool = True) -> None:
        if not settings.IMAGES_KEEP_METADATA and not isinstance(content, CleanFile):
            content = without_metadata(content, name=name)
        super().save(name, content, save)


class CleanImageFieldFile(StoresCleanPictures, WagtailImageFieldFile):
    """The file of an image of the library."""


def clean_upload(file: IO[bytes], *, name: str) -> CleanFile:
    """Return what is to be stored of an uploaded picture. Raises `ValidationError` for one that breaks off."""
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
    """Refuse an uploaded picture that breaks off."""
    if file and not file._committed:  # type: ignore[attr-defined]
        clean_upload(file, name=str(file.name))
        file.seek(0)


def clean_avatars() -> None:
    """Hold the pictures of staff to the same rule. To be called once, when the apps are ready."""
    field = UserProfile._meta.get_field("avatar")
    field.attr_class = CleanAvatarFieldFile
    field.validators.append(validate_avatar)
