"""What is asked of the list of news: which kind, region, campaign and country, and which page of it."""

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
    """A link of the list: its words, what follows the question mark, and whether it is what is shown."""

    words: str
    query: str
    is_chosen: bool


class NewsForm(FilterForm):
    """The filters. `countries` are those that can be chosen; any other published one may be asked for."""

    region = ChoiceFilter(Region.choices, label=_("Region"))
    campaign = ChoiceFilter(Topic.choices, label=_("Campaign"))
    country = ChoiceFilter(label=_("Country"))
    # A link in the page, and so not seen in the form, which keeps it.
    kind = ChoiceFilter(Kind.choices, label=_("Kind"), widget=forms.HiddenInput)
    page = NumberFilter(label=_("Page"))

    def __init__(self, params: QueryDict, *, countries: Iterable[Country]) -> None:
        super().__init__(params)
        choices = {country.iso3: country.name for country in countries}
        asked = self.data.get("country")
        if asked and asked not in choices:
            other = Country.objects.published().filter(iso3=asked).first()
            choices |= {other.iso3: other.name} if other else {}
        self.fields["country"].choices = [("", _("All")), *choices.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class NewsQuery(FilterQuery):
    """The filters of one view of the list.

    `kind` is of `Kind`, `region` of `Region`, `campaign` of `Topic`, `country` an ISO code of three letters; or empty.
    """

    kind: str = ""
    region: str = ""
    campaign: str = ""
    country: str = ""
    page: int = 1

    @classmethod
    def from_params(cls, params: QueryDict, *, countries: Iterable[Country]) -> Self:
        """Read what an address asks for. Raises nothing: see `errors`."""
        form = NewsForm(params, countries=countries)
        given = form.given
        return cls(form=form, given=given, **given)

    @property
    def is_of_all(self) -> bool:
        """Whether no article is left out."""
        return self.given.keys() <= {"page"}

    def narrow(self, articles: ArticlePageQuerySet) -> ArticlePageQuerySet:
        """Of the articles, those asked for."""
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
        """All, and each kind: what is shown of it with the other filters kept."""
        return [
            Choice(str(words), self.urlencode(kind=kind, page=None), kind == self.kind)
            for kind, words in [("", _("All")), *Kind.choices]
        ]

    @property
    def chosen(self) -> list[Choice]:
        """The other filters that are set, each with the view without it."""
        return [
            Choice(str(words), self.urlencode(**{name: None}, page=None), is_chosen=True)
            for name in ("region", "campaign", "country")
            if (value := self.given.get(name))
            for words in [dict(self.form.fields[name].choices)[value]]  # type: ignore[attr-defined]
        ]
