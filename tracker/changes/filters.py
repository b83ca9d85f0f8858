"""What is asked of the trail: which state, region and kind of change, which version, which page of it."""

from dataclasses import dataclass
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterForm, FilterQuery, NumberFilter
from record.choices import ChangeKind, Region
from record.models import Country, RecordChange, RecordChangeQuerySet


class ChangesForm(FilterForm):
    """The filters, each of which may be left open."""

    country = ChoiceFilter(label=_("State"))
    region = ChoiceFilter(Region.choices, label=_("Region"))
    kind = ChoiceFilter(ChangeKind.choices, label=_("Kind of change"))
    version = NumberFilter()
    page = NumberFilter()

    def __init__(self, params: QueryDict, *, language: str) -> None:
        super().__init__(params)
        countries = Country.objects.published().by_name(language)
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((country.iso3, country.name) for country in countries),
        ]


@dataclass(frozen=True, kw_only=True)
class ChangesQuery(FilterQuery):
    """The filters of a view of the trail."""

    country: str = ""
    region: str = ""
    kind: str = ""
    version: int | None = None
    page: int = 1

    @classmethod
    def from_params(cls, params: QueryDict, *, language: str) -> Self:
        """Read what an address asks for. Raises nothing."""
        form = ChangesForm(params, language=language)
        given = form.given
        return cls(form=form, given=given, **given)

    def changes(self) -> RecordChangeQuerySet:
        """The changes asked for."""
        asked = {
            "country__iso3": self.country,
            "country__region": self.region,
            "kind": self.kind,
            "version": self.version,
        }
        changes: RecordChangeQuerySet = RecordChange.objects.public().filter(
            **{name: value for name, value in asked.items() if value}
        )
        return changes
