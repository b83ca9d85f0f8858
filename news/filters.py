"""What is asked of the list of news: which kind, region, campaign and country, and which page of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.filters import ChoiceFilter, FilterForm
from record.choices import Region
from record.models import Country

from .choices import Kind
from .querysets import ArticlePageQuerySet

LARGEST_NUMBER = 2**31 - 1


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
    page = forms.IntegerField(
        label=_("Page"),
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        widget=forms.HiddenInput,
    )

    def __init__(self, params: QueryDict, *, countries: Iterable[Country]) -> None:
        super().__init__(params)
        choices = {country.iso3: country.name for country in countries}
        asked = self.data.get("country")
        if asked and asked not in choices:
            other = Country.objects.published().filter(iso3=asked).first()
            choices |= {other.iso3: other.name} if other else {}
        self.fields["country"].choices = [("", _("All")), *choices.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True)
class NewsQuery:
    """The filters of one view of the list. What was given wrongly is left open and in `errors`.

    `kind` is of `Kind`, `region` of `Region`, `campaign` of `Topic`, `country` an ISO code of three letters; or empty.
    """

    form: NewsForm
    kind: str = ""
    region: str = ""
    campaign: str = ""
    country: str = ""
    page: int = 1
    given: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_params(cls, params: QueryDict, *, countries: Iterable[Country]) -> Self:
        """Read what an address asks for. Raises nothing: see `errors`."""
        form = NewsForm(params, countries=countries)
        form.full_clean()
        given = {name: value for name, value in form.cleaned_data.items() if value}
        return cls(form=form, given=given, **given)

    @property
    def errors(self) -> dict[str, list[str]]:
        """By the name of the parameter, in the reader's language. Empty if all is well."""
        return self.form.messages

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

    def urlencode(self, **changes: Any) -> str:
        """What follows the question mark, with some parameters changed, or taken off by nothing; may be empty."""
        values = {**self.given, **changes}
        return urlencode({name: values[name] for name in self.form.fields if values.get(name)})

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
