"""What is asked of the campaigns."""

from typing import TYPE_CHECKING, Self

from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from campaigns.models import CampaignPage
    from regions.models import RegionPage


class CampaignPageQuerySet(PageQuerySet):
    """Pages of campaigns, each named for its reader."""

    def in_menu_order(self) -> Self:
        """The order that editors gave the pages."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """In one query: title, summary and address."""
        return self.live().in_menu_order().select_related("alias_of__locale")

    def about(self, region: "RegionPage") -> Self:
        """The campaigns that name the region, in the region's language."""
        return self.filter(
            related_regions__region__translation_key=region.translation_key,
            locale=region.locale_id,
        )

    def next_to(self, campaign: "CampaignPage") -> "CampaignPage | None":
        """The live campaign that follows in the editors' order; after the last comes the first."""
        campaigns = self.live().in_menu_order()
        return campaigns.filter(path__gt=campaign.path).first() or campaigns.first()
