"""What is asked of the trail: which state, region and kind of change, which version, which page of it."""

from dataclasses import dataclass, field
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter
from record.choices import ChangeKind, Region
from record.models import Country, RecordChange, RecordChangeQuerySet

LARGEST_NUMBER = 2**31 - 1


class ChangesForm(forms.Form):
    """The filters, each of which may be left open."""

    country = ChoiceFilter(label=_("State"))
    region = ChoiceFilter(Region.choices, label=_("Region"))
    kind = ChoiceFilter(ChangeKind.choices, label=_("Kind of change"))
    version = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_NUMBER, widget=forms.HiddenInput
    )
    page = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_NUMBER, widget=forms.HiddenInput
    )

    def __init__(self, params: QueryDict, *, language: str) -> None:
        # No text of the database holds a zero byte: in its place stands what no choice is called.
        super().__init__(
            {name: str(value).replace("\0", "\ufffd") for name, value in params.items()}
        )
        countries = Country.objects.published().by_name(language)
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((country.iso3, country.name) for country in countries),
        ]


@dataclass(frozen=True, kw_only=True)
class ChangesQuery:
    """The filters of a view of the trail. What was given wrongly is left open and in `form.errors`."""

    form: ChangesForm
    country: str = ""
    region: str = ""
    kind: str = ""
    version: int | None = None
    page: int = 1
    given: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_params(cls, params: QueryDict, *, language: str) -> Self:
        """Read what an address asks for. Raises nothing."""
        form = ChangesForm(params, language=language)
        form.full_clean()
        given = {name: value for name, value in form.cleaned_data.items() if value}
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

    def urlencode(self, **changes: Any) -> str:
        """What follows the question mark, with some parameters changed, or taken off by nothing."""
        values = {**self.given, **changes}
        return urlencode({name: value for name, value in values.items() if value})
