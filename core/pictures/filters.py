"""How renditions are made: as Wagtail does, and without what the original says beside its pixels."""

from typing import Any

from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import AbstractImage, Filter
from willow.plugins.pillow import PillowImage

from .metadata import keep_pixels_only


class DropMetadata(FilterOperation):
    """The last step before the file is written: Willow hands EXIF on to JPEG and PNG, Pillow comments and XMP."""

    def construct(self) -> None:
        """Take no arguments."""

    def run(self, willow: Any, image: AbstractImage, env: dict[str, Any]) -> PillowImage:
        # A copy: the original may be cropped and resized for other renditions.
        picture = willow.get_pillow_image().copy()
        keep_pixels_only(picture)
        return PillowImage(picture)


class CleanFilter(Filter):
    """A filter whose results carry no metadata. The orientation that EXIF tells was applied by then."""

    @property
    def filter_operations(self) -> list[FilterOperation]:
        return [*super().filter_operations, DropMetadata("dropmetadata")]
