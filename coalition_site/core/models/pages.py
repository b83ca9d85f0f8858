"""The page that every page extends."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index


class BasePage(Page):
    """A page with a summary and a social image.

    The summary stands under the title, in lists, and is what search engines show where staff gave no
    search description.
    """

    summary = models.TextField(
        _("summary"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences, under the title and wherever the page is listed."),
    )
    social_image = models.ForeignKey(
        "core.CoalitionImage",
        verbose_name=_("social image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown where the page is shared. At least 1200 × 630 pixels."),
    )
    show_in_footer = models.BooleanField(
        _("show in the footer"), default=False, help_text=_("Linked at the foot of every page.")
    )

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        *Page.promote_panels,
        FieldPanel("show_in_footer"),
        FieldPanel("social_image"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.AutocompleteField("title"),
    ]

    class Meta:
        abstract = True

    @property
    def description(self) -> str:
        """What search engines and shared links show of the page."""
        return self.search_description or self.summary
