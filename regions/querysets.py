"""What is asked of the regions."""

from typing import Self

from wagtail.query import PageQuerySet


class RegionPageQuerySet(PageQuerySet):
    """Pages of regions, each named for its reader."""

    def in_menu_order(self) -> Self:
        """The order that editors gave the pages."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """With key facts, in two queries whatever the number of regions."""
        return self.live().in_menu_order().prefetch_related("key_facts")
