"""Images and documents that staff upload."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, SourceImageIOError

from core.page_cache.memory import note_missing_part
from core.pictures.cleaning import CleanFilter, CleanImageFieldFile, clean_upload

logger = logging.getLogger(__name__)


class CoalitionImage(AbstractImage):
    """A picture with its credit. `description` is the alternative text offered to editors."""

    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("The creator of the picture, and the licence under which it is used."),
    )

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    @property
    def default_alt_text(self) -> str:
        """Return the description. Wagtail would return the title, which is at first the file name."""
        return self.description

    def clean(self) -> None:
        super().clean()
        if self.file and not self.file._committed:
            self._clean_upload(self.file)
        if self.description and self.description in {self.filename, PurePath(self.filename).stem}:
            raise ValidationError(
                {"description": _("This is the file name. Describe what the picture shows.")}
            )

    def _clean_upload(self, upload: FieldFile) -> None:
        try:
            picture = clean_upload(upload.file, name=str(upload.name))
        except ValidationError as error:
            raise ValidationError({"file": error}) from None
        if settings.IMAGES_KEEP_METADATA:
            upload.seek(0)
        else:
            setattr(self, upload.field.name, picture)

    def generate_rendition_file(
        self,
        filter: Filter,  # noqa: A002 - Wagtail's name for it
        *,
        source: "File[Any] | None" = None,
    ) -> "File[Any]":
        """Make a rendition without the metadata of the original."""
        rendition: File[Any] = super().generate_rendition_file(
            CleanFilter(filter.spec), source=source
        )
        return rendition

    def create_rendition(self, filter: Filter) -> "CoalitionRendition":  # noqa: A002 - as above
        with self._page_goes_without():
            rendition: CoalitionRendition = super().create_rendition(filter)
        return rendition

    def create_renditions(self, *filters: Filter) -> "dict[Filter, CoalitionRendition]":
        with self._page_goes_without():
            renditions: dict[Filter, CoalitionRendition] = super().create_renditions(*filters)
        return renditions

    @contextmanager
    def _page_goes_without(self) -> Iterator[None]:
        """Turn a full disk into an error, for which templates show no picture. The page is then not cached."""
        # A savepoint, so that the error does not break a transaction of the caller.
        inner = transaction.atomic() if transaction.get_connection().in_atomic_block else None
        try:
            with inner or nullcontext():
                yield
        except OSError as error:
            note_missing_part()
            if isinstance(error, SourceImageIOError):
                raise
            logger.exception("rendition.not_stored", extra={"image": self.pk})
            raise SourceImageIOError from error


# Not a field of this class, because it would come after width and height, which are read from the stored file.
CoalitionImage._meta.get_field("file").attr_class = CleanImageFieldFile


class CoalitionRendition(AbstractRendition):
    """One size and format of a `CoalitionImage`."""

    image = models.ForeignKey(CoalitionImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition"
            )
        ]


class CoalitionDocument(AbstractDocument):
    """A file to download."""

    admin_form_fields = ("title", "file", "collection", "tags")
