"""Holds the pictures of staff, which Wagtail stores by itself, to the same rule as those of the library."""

from django.db.models.fields.files import FieldFile, ImageFieldFile
from wagtail.users.models import UserProfile

from .uploads import StoresCleanPictures, clean_upload


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
