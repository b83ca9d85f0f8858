""" "Wanted: political will": the campaigns and what they ask of states."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.blocks import BodyBlock
from core.models import BasePage
from core.page_cache.memory import recall
from regions.models import RegionPage

from .choices import Topic


class CampaignPageQuerySet(PageQuerySet):
    """Queries for campaign pages."""

    def in_menu_order(self) -> Self:
        """Order by position in the tree, which editors choose."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """Return live campaigns with the data of a card (title, summary, address) in one query."""
        cards = self.live().in_menu_order().defer_streamfields()
        return cards.select_related("alias_of__locale")

    def about(self, region: RegionPage) -> Self:
        """Return the campaigns that name the region, in the region's language."""
        return self.filter(
            related_regions__region__translation_key=region.translation_key,
            locale=region.locale_id,
        )


class CampaignIndexPage(BasePage):
    """The page that lists the campaigns under their common message."""

    message = RichTextField(_("message"), features=["bold", "italic", "link"], blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("message"), FieldPanel("body")]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("message"),
        index.SearchField("body"),
    ]
    page_description = _("What the Coalition asks of states, and its campaigns.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["campaigns.CampaignPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("campaigns")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        campaigns = campaigns_under(self.path)
        return {**super().get_context(request, *args, **kwargs), "campaigns": campaigns}


class CampaignPage(BasePage):
    """A campaign with its topic, its ask of states and the regions that it concerns most."""

    topic = models.CharField(_("topic"), max_length=40, choices=Topic)
    ask = RichTextField(
        _("the ask"),
        features=["bold", "italic", "link", "ul"],
        blank=True,
        help_text=_("What the Coalition asks of states, in a few words."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    objects = PageManager.from_queryset(CampaignPageQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("topic"),
        FieldPanel("ask"),
        FieldPanel("body"),
        InlinePanel("related_regions", heading=_("Related regions"), label=_("Region")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.FilterField("topic"),
        index.SearchField("ask"),
        index.SearchField("body"),
    ]
    page_description = _("A campaign: its topic, what it asks of states, and where.")
    parent_page_types = ["campaigns.CampaignIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("campaign")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # From the relation in memory, so that a preview shows regions that are not saved yet.
        named = [related.region_id for related in self.related_regions.all()]
        return {
            **super().get_context(request, *args, **kwargs),
            "regions": RegionPage.objects.chosen(named, language=self.locale_id).in_menu_order(),
            "next_campaign": self._next(),
        }

    def _next(self) -> "CampaignPage | None":
        """Return the next campaign in the editors' order, the first after the last; None if there is no other."""
        siblings = campaigns_under(self.path[: -self.steplen])
        others = [campaign for campaign in siblings if campaign.pk != self.pk]
        following = (campaign for campaign in others if campaign.path > self.path)
        return next(following, others[0] if others else None)


def campaigns_under(path: str) -> list[CampaignPage]:
    """Return the live campaigns below the page with this tree path, in the editors' order. Do not change the list.

    The front page, the index and every campaign show them, so the worker remembers them.
    """
    return recall(
        ("campaigns under", path),
        lambda: list(CampaignPage.objects.filter(path__startswith=path).for_cards()),
    )


class RelatedRegion(Orderable):
    """A region that a campaign concerns."""

    page = ParentalKey(CampaignPage, on_delete=models.CASCADE, related_name="related_regions")
    region = models.ForeignKey(
        "regions.RegionPage",
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [PageChooserPanel("region", "regions.RegionPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related region")
        constraints = [
            models.UniqueConstraint(fields=("page", "region"), name="unique_related_region")
        ]

    def __str__(self) -> str:
        return str(self.region)
