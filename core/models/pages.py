"""The page that every page extends."""

from typing import Any, Self

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.operations import translate_object

from core.page_cache.memory import recall
from core.privacy import PrivateCopyForm
from core.translations.sharing import embargo_of, take_values

from .files import CoalitionImage
from .versions import LiveVersionMixin


class BasePage(LiveVersionMixin, Page):
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

    copy_form_class = PrivateCopyForm

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page. A public translation is saved with the figures and pictures of its source."""
        if self.live and self.pk and kwargs.get("update_fields") is None:
            take_values(self)
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Take the content of a revision. A translation is published no earlier than its source is scheduled for."""
        restored = super().with_content_json(content)
        embargo = embargo_of(self)
        if embargo and (restored.go_live_at is None or restored.go_live_at < embargo):
            restored.go_live_at = embargo
        return restored

    @property
    def localized_draft(self) -> Self:
        """The page in the reader's language, or itself. Wagtail asks for the locale each time."""
        locale_id = recall(("locale", get_language()), _active_locale_id)
        return self if locale_id == self.locale_id else super().localized_draft

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """What keeps visitors from the page: asked only while some page of the site has a restriction."""
        if recall("is anything restricted", PageViewRestriction.objects.exists):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def copy_for_translation(
        self,
        locale: Locale,
        copy_parents: bool = False,
        alias: bool = False,
        exclude_fields: list[str] | None = None,
    ) -> Self:
        """Copy the page into another language, as a draft.

        With `copy_parents`, pages above it that are not translated become drafts as well, with their texts to be
        translated. Wagtail would make aliases of them: public at once, in the words of the original.
        """
        if copy_parents and not alias:
            parent = self.get_parent().specific
            if not parent.is_root() and not parent.has_translation(locale):
                translate_object(parent, [locale])
        copy: Self = super().copy_for_translation(
            locale, copy_parents=copy_parents, alias=alias, exclude_fields=exclude_fields
        )
        return copy

    def update_aliases(self, **kwargs: Any) -> None:
        """Bring aliases up to date, and live if the page is.

        Wagtail also asks for this when a page is only scheduled: its aliases were public before it was.
        """
        if self.live:
            super().update_aliases(**kwargs)

    @property
    def description(self) -> str:
        """What search engines and shared links show of the page."""
        return self.search_description or self.summary

    @property
    def picture(self) -> CoalitionImage | None:
        """What shared links show of the page; none for the picture of the site."""
        return self.social_image

    @property
    def about(self) -> dict[str, Any]:
        """What the page is about, in the words of schema.org; empty where that is nothing that they have a word for."""
        return {}

    @property
    def structured_data(self) -> dict[str, Any]:
        """What the page is, in the words of schema.org, besides its name, address and language; empty for no more."""
        return {"@type": "WebPage", "about": self.about} if self.about else {}


def _active_locale_id() -> int | None:
    try:
        return int(Locale.get_active().pk)
    except (LookupError, Locale.DoesNotExist):
        return None
