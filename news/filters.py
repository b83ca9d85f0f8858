"""The filters of the list of news: kind, region, campaign, country, and the number of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.filters import ChoiceFilter, FilterForm, FilterQuery, NumberFilter
from record.choices import Region
from record.models import Country

from .choices import Kind
from .querysets import ArticlePageQuerySet


@dataclass(frozen=True)
class Choice:
    """A link to another view of the list: its text, its query string, and whether it is the current view."""

    text: str
    query: str
    is_chosen: bool


class NewsForm(FilterForm):
    """The filters. `countries` are the choices shown; a link may name any other published country."""

    region = ChoiceFilter(Region.choices, label=_("Region"))
    campaign = ChoiceFilter(Topic.choices, label=_("Campaign"))
    country = ChoiceFilter(label=_("Country"))
    # Chosen by links in the page, so the form keeps it in a hidden field.
    kind = ChoiceFilter(Kind.choices, label=_("Kind"), widget=forms.HiddenInput)
    page = NumberFilter(label=_("Page"))

    def __init__(self, params: QueryDict, *, countries: Iterable[Country]) -> None:
        super().__init__(params)
        choices = {country.iso3: country.name for country in countries}
        code = self.data.get("country")
        if code and code not in choices:
            other = Country.objects.published().filter(iso3=code).first()
            choices |= {other.iso3: other.name} if other else {}
        self.fields["country"].choices = [("", _("All")), *choices.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class NewsQuery(FilterQuery):
    """The filters of one view of the list.

    `kind`, `region` and `campaign` are values of `Kind`, `Region` and `Topic`, and `country` an ISO 3166-1 alpha-3
    code. Empty filters match all articles.
    """

    kind: str = ""
    region: str = ""
    campaign: str = ""
    country: str = ""
    page: int = 1

    @classmethod
    def from_params(cls, params: QueryDict, *, countries: Iterable[Country]) -> Self:
        """Read the parameters of an address. Invalid ones are ignored and listed in `errors`."""
        form = NewsForm(params, countries=countries)
        given = form.given
        return cls(form=form, given=given, **given)

    @property
    def is_of_all(self) -> bool:
        """Return whether the view excludes no article."""
        return self.given.keys() <= {"page"}

    def narrow(self, articles: ArticlePageQuerySet) -> ArticlePageQuerySet:
        """Return the articles that match the filters."""
        if self.kind:
            articles = articles.filter(kind=self.kind)
        if self.region:
            articles = articles.in_region(self.region)
        if self.campaign:
            articles = articles.on_topic(self.campaign)
        if self.country:
            articles = articles.about_country(self.country)
        return articles

    @property
    def kinds(self) -> list[Choice]:
        """Return a choice for all kinds and one for each kind, keeping the other filters."""
        return [
            Choice(str(text), self.urlencode(kind=kind, page=None), kind == self.kind)
            for kind, text in [("", _("All")), *Kind.choices]
        ]

    @property
    def chosen(self) -> list[Choice]:
        """Return a choice for each other filter that is set, which leads to the view without it."""
        return [
            Choice(str(text), self.urlencode(**{name: None}, page=None), is_chosen=True)
            for name in ("region", "campaign", "country")
            if (value := self.given.get(name))
            for text in [dict(self.form.fields[name].choices)[value]]  # type: ignore[attr-defined]
        ]
