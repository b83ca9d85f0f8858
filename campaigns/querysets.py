"""What is asked of the campaigns."""

from typing import TYPE_CHECKING, Self

from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from regions.models import RegionPage


class CampaignPageQuerySet(PageQuerySet):
    """Pages of campaigns, each named for its reader."""

    def in_menu_order(self) -> Self:
        """The order that editors gave the pages."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """In one query: title, summary and address."""
        cards = self.live().in_menu_order().defer_streamfields()
        return cards.select_related("alias_of__locale")

    def about(self, region: "RegionPage") -> Self:
        """The campaigns that name the region, in the region's language."""
        return self.filter(
            related_regions__region__translation_key=region.translation_key,
            locale=region.locale_id,
        )
