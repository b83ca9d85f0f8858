"""The base class of all pages."""

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

    The summary is shown under the title and in lists, and by search engines if there is no search description.
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
        """Save the page. A public translation takes the figures and pictures of its source."""
        if self.live and self.pk and kwargs.get("update_fields") is None:
            take_values(self)
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Return the page with the content of a revision. A translation is never scheduled before its source."""
        restored = super().with_content_json(content)
        embargo = embargo_of(self)
        if embargo and (restored.go_live_at is None or restored.go_live_at < embargo):
            restored.go_live_at = embargo
        return restored

    @property
    def localized_draft(self) -> Self:
        """Return the page in the reader's language, or itself. Unlike Wagtail, query the locale only once."""
        locale_id = recall(("locale", get_language()), _active_locale_id)
        return self if locale_id == self.locale_id else super().localized_draft

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return the view restrictions of the page. Queried only if any page of the site has one."""
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

        With `copy_parents`, untranslated pages above it become drafts to be translated as well. Wagtail would make them
        aliases, which are public at once with the text of the original.
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

        Wagtail also calls this when a page is only scheduled, and its aliases would be public too early.
        """
        if self.live:
            super().update_aliases(**kwargs)

    @property
    def description(self) -> str:
        """Return the description for search engines and shared links."""
        return self.search_description or self.summary

    @property
    def picture(self) -> CoalitionImage | None:
        """Return the picture for shared links, or None for that of the site."""
        return self.social_image

    @property
    def about(self) -> dict[str, Any]:
        """Return the subject of the page as schema.org data, or an empty dict."""
        return {}

    @property
    def structured_data(self) -> dict[str, Any]:
        """Return schema.org data of the page besides its name, address and language, or an empty dict."""
        return {"@type": "WebPage", "about": self.about} if self.about else {}


def _active_locale_id() -> int | None:
    try:
        return int(Locale.get_active().pk)
    except (LookupError, Locale.DoesNotExist):
        return None
