"""The index of regions, and the page of a region."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, PageManager, TranslatableMixin
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.blocks import BodyBlock
from core.days import today
from core.models import BasePage
from core.page_cache.memory import recall
from record.choices import Region

from .key_facts import standings_of


class RegionIndexPage(BasePage):
    """ "Where we work": a message, the aims of the Coalition, and the five regions."""

    message = RichTextField(_("message"), features=["bold", "italic", "link"], blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("message"),
        InlinePanel("aims", heading=_("Aims"), label=_("Aim")),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("message"),
        index.RelatedFields("aims", [index.SearchField("text")]),
        index.SearchField("body"),
    ]
    page_description = _("What the Coalition works for, and its regions.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["regions.RegionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("where we work")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "regions": regions_under(self.path),
        }


class Aim(TranslatableMixin, Orderable):
    """An aim of the Coalition."""

    page = ParentalKey(RegionIndexPage, on_delete=models.CASCADE, related_name="aims")
    text = models.CharField(_("aim"), max_length=200)

    panels = [FieldPanel("text")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("aim")

    def __str__(self) -> str:
        return self.text


class RegionPageForm(WagtailAdminPageForm):
    """Keeps the region of a page fixed, because teams, countries and figures depend on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields and self.instance.pk:
            self.fields["region"].disabled = True


class RegionPageQuerySet(PageQuerySet):
    """Pages of regions."""

    def in_menu_order(self) -> Self:
        """Sort in the order that editors gave the pages."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """Keep live pages in the editors' order, and prefetch key facts. Two queries."""
        cards = self.live().in_menu_order().defer_streamfields()
        return cards.select_related("alias_of__locale").prefetch_related("key_facts")

    def chosen(self, pages: Iterable[int], *, language: int) -> Self:
        """Keep the published pages in a language (the id of its locale) of the regions of other pages, given by id.

        Those may be in another language: a translation keeps the regions chosen for its original.
        """
        keys = self.filter(pk__in=pages).values("translation_key")
        return self.filter(translation_key__in=keys, locale=language).live()


class RegionPage(BasePage):
    """One of the five regions: an introduction, key facts, and the Coalition's work there."""

    region = models.CharField(
        _("region"),
        max_length=32,
        choices=Region,
        help_text=_("Each region has one page in a language. It cannot be changed later."),
    )
    # Copied from the locale, because a constraint cannot span two tables.
    language = models.CharField(_("language"), max_length=12, editable=False)
    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link"], blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    objects = PageManager.from_queryset(RegionPageQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("region"),
        FieldPanel("introduction"),
        InlinePanel("key_facts", heading=_("Key facts"), label=_("Key fact")),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.FilterField("region"),
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    base_form_class = RegionPageForm
    page_description = _("A region with its key facts.")
    parent_page_types = ["regions.RegionIndexPage"]
    subpage_types = ["regions.CountryPage"]

    class Meta:
        verbose_name = _("region")
        constraints = [
            models.UniqueConstraint(
                fields=("region", "language"), name="one_page_of_a_region_in_a_language"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.locale_id:
            self.locale = self.get_default_locale()
        self.language = self.locale.language_code
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        same = RegionPage.objects.filter(region=self.region, locale=self.locale_id)
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({"region": _("The region has a page in this language already.")})

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        siblings = regions_under(self.path[: -self.steplen])
        others = [region for region in siblings if region.pk != self.pk]
        return {**super().get_context(request, *args, **kwargs), "other_regions": others}


def regions_under(path: str) -> list[RegionPage]:
    """Return the live pages of regions below a path of the tree, in the editors' order, with their key facts.

    The front page, the index and every region list them, so a worker remembers them: they must not be changed.
    """
    day = today()
    return recall(
        ("regions under", path, day),
        lambda: _count_facts(RegionPage.objects.filter(path__startswith=path).for_cards(), day),
    )


def _count_facts(regions: Iterable[RegionPage], day: date) -> list[RegionPage]:
    """Return the regions with their facts counted on that day. One query."""
    pages = list(regions)
    facts = [fact for page in pages for fact in page.key_facts.all() if fact.counted]
    if facts:
        standings = standings_of(day)
        for fact in facts:
            fact.recorded = fact.count(standings)
    return pages
