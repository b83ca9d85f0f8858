"""Campaigns for the templates of the apps below, which may not import them."""

from django import template

from campaigns.models import CampaignPage
from campaigns.querysets import CampaignPageQuerySet
from regions.models import RegionPage

register = template.Library()


@register.simple_tag
def campaigns_about(region: RegionPage) -> CampaignPageQuerySet:
    """The live campaigns that name the region, in the editors' order: one query."""
    return CampaignPage.objects.for_cards().about(region)
