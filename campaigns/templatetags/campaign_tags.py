"""Campaigns for templates of the apps below, which may not import this one."""

from django import template

from campaigns.models import CampaignPage
from core.page_cache.memory import recall
from regions.models import RegionPage

register = template.Library()


@register.simple_tag
def campaigns_about(region: RegionPage) -> list[CampaignPage]:
    """Return the live campaigns that name the region, in the editors' order. Do not change the list."""
    return recall(
        ("campaigns about", region.translation_key, region.locale_id),
        lambda: list(CampaignPage.objects.for_cards().about(region)),
    )
