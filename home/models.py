"""The front page, standard pages, and the log of demo content that was loaded."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, TranslatableMixin
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from campaigns.models import CampaignIndexPage, campaigns_under
from core.blocks import BodyBlock, LinkBlock
from core.models import BasePage
from core.page_cache.memory import recall
from regions.models import RegionIndexPage, regions_under


class HomePage(BasePage):
    """The front page: introduces the Coalition, its figures, its regions and its campaigns."""

    headline = models.CharField(_("headline"), max_length=120)
    lead = models.TextField(_("lead"), max_length=500)
    links = StreamField(
        [("link", LinkBlock())],
        verbose_name=_("links"),
        blank=True,
        max_num=2,
        help_text=_("The first is shown as a button."),
    )
    figures_source = models.CharField(
        _("source for the figures"),
        max_length=200,
        blank=True,
        help_text=_("Source and date, shown under the figures."),
    )
    regions_heading = models.CharField(_("regions heading"), max_length=120)
    regions_text = models.TextField(_("regions text"), max_length=400, blank=True)
    campaigns_kicker = models.CharField(_("campaigns kicker"), max_length=60, blank=True)
    campaigns_heading = models.CharField(_("campaigns heading"), max_length=120)
    campaigns_text = models.TextField(_("campaigns text"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(["headline", "lead", "links"], heading=_("Hero")),
        InlinePanel("figures", heading=_("Figures"), label=_("Figure"), max_num=4),
        FieldPanel("figures_source"),
        MultiFieldPanel(["regions_heading", "regions_text"], heading=_("Where we work")),
        MultiFieldPanel(
            ["campaigns_kicker", "campaigns_heading", "campaigns_text"], heading=_("Campaigns")
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("headline"),
        index.SearchField("lead"),
        index.SearchField("body"),
    ]
    page_description = _("The front page: one per language, at the top of its tree.")
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "contact.ContactPage",
        "regions.RegionIndexPage",
        "campaigns.CampaignIndexPage",
        "news.NewsIndexPage",
        "newsletter.IssueIndexPage",
    ]
    # Wagtail does not count translations.
    max_count = 1
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page at an address by one query instead of one per level: no page type has routes of its own."""
        if not path_components:
            return super().route(request, path_components)
        address = "/".join([self.url_path.rstrip("/"), *path_components, ""])
        page_type, key = recall(("page at", address), lambda: self._find(address))
        page: Page = get_object_or_404(page_type, pk=key)
        return page.route(request, [])

    def _find(self, address: str) -> tuple[type[Page], int]:
        """Return type and primary key of the page at an address. Raises Http404, so that only pages are remembered."""
        page = self.get_descendants().filter(url_path=address).first()
        if page is None:
            raise Http404
        return page.specific_class or Page, page.pk

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            **recall(("sections of", self.pk), self._sections),
            "regions": regions_under(self.path),
            "campaigns": campaigns_under(self.path),
            "links": recall(("links of", self.pk), self._links),
            "figures": recall(("figures of", self.pk), lambda: list(self.figures.all())),
        }

    def _links(self) -> list[tuple[str, str]]:
        """Return text and address of each link, without those whose page or document is gone."""
        links = [(block.value["text"], block.value.href) for block in self.links]
        return [(text, address) for text, address in links if address]

    def _sections(self) -> dict[str, Page | None]:
        return {
            "region_index": RegionIndexPage.objects.child_of(self).live().first(),
            "campaign_index": CampaignIndexPage.objects.child_of(self).live().first(),
        }


class FrontPageFigure(TranslatableMixin, Orderable):
    """A figure shown in large type on the front page."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="figures")
    value = models.CharField(
        _("figure"), max_length=30, help_text=_("As it should appear: “2,500+”.")
    )
    label = models.CharField(_("label"), max_length=120)

    panels = [FieldPanel("value"), FieldPanel("label")]
    override_translatable_fields = [SynchronizedField("value", overridable=False)]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("figure")

    def __str__(self) -> str:
        return f"{self.value} {self.label}"


class StandardPage(BasePage):
    """A page of text, such as about, privacy or accessibility. It may have pages of text and contact pages below it."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    page_description = _("Text with pictures, tables and videos: about, privacy, accessibility.")
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "contact.ContactPage"]

    class Meta:
        verbose_name = _("standard page")


class LoadedContent(models.Model):
    """A page or another item that `load_demo_content` has loaded and therefore never loads again.

    The row outlives the page, so whatever staff rename, move, unpublish or delete stays as they left it.
    """

    # Editors need not see it among the uses of a page.
    wagtail_reference_index_ignore = True

    key = models.CharField(_("key"), max_length=120, unique=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("loaded content")
        verbose_name_plural = _("loaded content")

    def __str__(self) -> str:
        return self.key
