"""The page of a country: prose by staff, beside the record."""

from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from core.blocks import BodyBlock
from core.days import today
from core.language import language_codes
from core.models import BasePage
from core.navigation import Navigation
from record.models import Country
from regions.country_profile import CountryProfile

from .pages import RegionPage

# An arbitrary namespace.
TRANSLATION_KEYS = UUID("5b8f0d0e-9d2c-4c0e-8f3a-6b3a6f1d7c15")


def translation_key_of(country_id: int) -> UUID:
    """Return the translation key of a country's pages.

    It is derived from the country so that Wagtail's unique constraint on key and locale also refuses a second page of
    a country in a language. The country and the locale are in different tables, which no constraint can span.
    """
    return uuid5(TRANSLATION_KEYS, str(country_id))


class CountryPageForm(WagtailAdminPageForm):
    """Validates a page that has no place in the tree yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"title", "slug"} & self.fields.keys():
            self.fields[name].required = False
        if "country" in self.fields and self.instance.pk:
            self.fields["country"].disabled = True

    def clean(self) -> dict[str, Any]:
        country = self.cleaned_data.get("country")
        region_page = self.parent_page.specific if self.parent_page else None
        if country and isinstance(region_page, RegionPage):
            if region_page.region != country.region:
                self.add_error("country", _wrong_region(country))
            given = self.cleaned_data
            language = region_page.locale.language_code
            given["title"] = given.get("title") or country_title(country, language)
            given["slug"] = given.get("slug") or slugify(country.name_en)
        cleaned_data: dict[str, Any] = super().clean()
        return cleaned_data


class OwnTitle(TranslatableField):
    """A title that needs translation only if it is not the country's name, which is known in every language."""

    def is_translated(self, obj: "CountryPage") -> bool:
        return obj.title not in names_of(obj.country)

    def is_synchronized(self, source: "CountryPage") -> bool:
        return False


class CountryPage(BasePage):
    """A country in a language, under its region. The model holds prose; the record is read when the page is shown."""

    title: str
    slug: str
    country = models.ForeignKey(
        "record.Country",
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="pages",
        help_text=_("The page shows the record of this country. It cannot be changed later."),
    )
    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link"], blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        FieldPanel(
            "title",
            classname="title",
            help_text=_("If empty, the country’s name in the language of the page."),
        ),
        FieldPanel("country"),
        FieldPanel("summary"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.SearchField("names"),
        index.FilterField("country"),
    ]
    override_translatable_fields = [OwnTitle("title")]
    base_form_class = CountryPageForm
    page_description = _("A country: its record, with what you write about it.")
    parent_page_types = ["regions.RegionPage"]
    subpage_types: list[str] = []
    template = "regions/country_page.html"

    class Meta:
        verbose_name = _("country page")
        verbose_name_plural = _("country pages")

    @property
    def names(self) -> str:
        """The country's names in all languages and its code, for the search index."""
        country = self.country
        names = [getattr(country, f"name_{code}") for code in language_codes()]
        return " · ".join(dict.fromkeys([*filter(None, [*names, country.un_name]), country.iso3]))

    @cached_property
    def profile(self) -> CountryProfile | None:
        """The record of the country today (UTC), or None while the country is not published."""
        try:
            return CountryProfile(self.country_id, day=today())
        except Country.DoesNotExist:
            return None

    @property
    def description(self) -> str:
        """The summary by staff, or else the name and status of the country."""
        if (words := super().description) or self.profile is None:
            return words
        return gettext("%(country)s and the International Criminal Court: %(status)s.") % {
            "country": self.title,
            "status": self.profile.status_text,
        }

    @property
    def about(self) -> dict[str, Any]:
        country = self.profile.country if self.profile else self.country
        return {"@type": "Country", "name": country.name, "identifier": country.iso3}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "profile": self.profile,
            "country": self.profile.country if self.profile else self.country,
            "region_page": self._region_page(request),
        }

    def _region_page(self, request: Any) -> Page:
        """Return the parent page, which the breadcrumbs have loaded already."""
        ancestors = Navigation.of(request, self).ancestors
        return ancestors[-1] if ancestors else self.get_parent()

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.country_id:
            self._take_from_country()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.translation_key = translation_key_of(self.country_id)
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.country_id is None:
            return
        same = CountryPage.objects.filter(country=self.country_id, locale=self.locale_id)
        if same.exclude(pk=self.pk).exists():
            raise ValidationError(
                {"country": _("The country has a page in this language already.")}
            )
        region_page = self.get_parent().specific if self.path else None
        if isinstance(region_page, RegionPage) and region_page.region != self.country.region:
            raise ValidationError({"country": _wrong_region(self.country)})

    def can_move_to(self, parent: Page) -> bool:
        region_page = parent.specific
        return (
            super().can_move_to(parent)
            and isinstance(region_page, RegionPage)
            and region_page.region == self.country.region
        )

    def _take_from_country(self) -> None:
        language = self.locale.language_code if self.locale_id else "en"
        if self.title in {"", *names_of(self.country)}:
            # The name may be that in the language from which the page is translated.
            self.title = country_title(self.country, language)
        self.slug = self.slug or slugify(self.country.name_en)


def names_of(country: Country) -> set[str]:
    """Return the country's names in the languages of the site."""
    return {country_title(country, code) for code, _name in settings.LANGUAGES}


def country_title(country: Country, language: str) -> str:
    """Return the name of the country in a language."""
    with override(language):
        return str(country.name)


def _wrong_region(country: Country) -> ValidationError:
    return ValidationError(
        _("%(country)s belongs to %(region)s, so its page goes under the page of that region.")
        % {"country": country.name, "region": country.get_region_display()},
        code="wrong_region",
    )
