"""Where the Coalition works."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, PageManager, TranslatableMixin
from wagtail.search import index

from coalition_site.core.blocks import BodyBlock
from coalition_site.core.models import BasePage
from coalition_site.core.page_cache.memory import recall
from regions.choices import KeyFactKind, Region
from regions.querysets import RegionPageQuerySet


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


class RegionPage(BasePage):
    """One of the five regions: its introduction, its key facts, and what the Coalition does there."""

    region = models.CharField(_("region"), max_length=32, choices=Region)
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
    page_description = _("A region with its key facts.")
    parent_page_types = ["regions.RegionIndexPage"]
    subpage_types = ["regions.CountryPage"]

    class Meta:
        verbose_name = _("region")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        siblings = regions_under(self.path[: -self.steplen])
        others = [region for region in siblings if region.pk != self.pk]
        return {**super().get_context(request, *args, **kwargs), "other_regions": others}


def regions_under(path: str) -> list[RegionPage]:
    """The live regions under a page of the tree, in the editors' order, with their key facts: not to be changed.

    The front page, the index and every region list them, so the worker remembers them.
    """
    return recall(
        ("regions under", path),
        lambda: list(RegionPage.objects.filter(path__startswith=path).for_cards()),
    )


class KeyFact(TranslatableMixin, Orderable):
    """A figure about a region, as the secretariat published it."""

    page = ParentalKey(RegionPage, on_delete=models.CASCADE, related_name="key_facts")
    kind = models.CharField(_("kind"), max_length=24, choices=KeyFactKind)
    label = models.CharField(
        _("label"),
        max_length=120,
        blank=True,
        help_text=_("Only needed for the kind “other”: the other kinds bring their words."),
    )
    value = models.PositiveIntegerField(_("value"))
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("The day that the figure is true for.")
    )

    panels = [
        FieldPanel("kind"),
        FieldPanel("label"),
        FieldPanel("value"),
        FieldPanel("source"),
        FieldPanel("as_of"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("key fact")
        constraints = [
            models.UniqueConstraint(
                fields=("page", "kind"),
                condition=~models.Q(kind=KeyFactKind.OTHER),
                name="unique_key_fact_kind",
                violation_error_message=_("The region already has a key fact of this kind."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=KeyFactKind.OTHER) | ~models.Q(label=""),
                name="other_key_fact_has_label",
                violation_error_message=_("A key fact of the kind “other” needs a label."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.words}"

    @property
    def words(self) -> str:
        """What the figure counts, in the reader's language."""
        return self.label or str(KeyFactKind(self.kind).label)

    @property
    def citation(self) -> str:
        """The source, and the day that the figure is true for."""
        if self.as_of is None:
            return self.source
        return gettext("%(source)s, %(day)s") % {
            "source": self.source,
            "day": date_format(self.as_of),
        }

    def clean(self) -> None:
        super().clean()
        if self.kind == KeyFactKind.OTHER and not self.label:
            raise ValidationError({"label": _("A key fact of the kind “other” needs a label.")})
