"""Where the Coalition works."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, PageManager, TranslatableMixin
from wagtail.search import index

from core.blocks import BodyBlock
from core.days import today
from core.models import BasePage
from core.page_cache.memory import recall
from record.choices import Region
from regions.querysets import RegionPageQuerySet

from .key_facts import count_facts


class RegionIndexPage(BasePage):
    """ "Where we work": the message, what the Coalition works for, and the five regions."""

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
    """One of the things that the Coalition works for."""

    page = ParentalKey(RegionIndexPage, on_delete=models.CASCADE, related_name="aims")
    text = models.CharField(_("aim"), max_length=200)

    panels = [FieldPanel("text")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("aim")

    def __str__(self) -> str:
        return self.text


class RegionPageForm(WagtailAdminPageForm):
    """Keeps the region of a page as it was chosen first: teams, countries and figures rest on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields and self.instance.pk:
            self.fields["region"].disabled = True


class RegionPage(BasePage):
    """One of the five regions: its introduction, its key facts, and what the Coalition does there."""

    region = models.CharField(
        _("region"),
        max_length=32,
        choices=Region,
        help_text=_("Each region has one page in a language. It cannot be changed later."),
    )
    # That of the locale, which is in another table: a constraint needs both in one.
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
    """The live regions under a page of the tree, in the editors' order, with their key facts: not to be changed.

    The front page, the index and every region list them, so the worker remembers them.
    """
    day = today()
    return recall(
        ("regions under", path, day),
        lambda: count_facts(RegionPage.objects.filter(path__startswith=path).for_cards(), day),
    )
