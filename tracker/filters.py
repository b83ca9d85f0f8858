"""The filters of the tracker: day, states and order. The page, the download, the frame and the API share them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.forms.renderers import BaseRenderer
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from charts.world_map import Kind
from core.days import today
from core.filters import ChoiceFilter, DayFilter, FilterForm, FilterQuery
from record.choices import LawKind, LawStage, Region
from record.memory import CountryOnDay, in_order
from record.models import Country
from record.treaties import FIRST_DAY

NOT_KNOWN = "unknown"
STAGES = [*LawStage.choices, (NOT_KNOWN, _("Not known"))]
LONGEST_TEXT = 100
# A withdrawal takes effect after a year and an instrument sooner, so nothing is known of later days.
YEARS_AHEAD = 2


class Sort(TextChoices):
    """The orders of the states."""

    NAME = "name", _("Name")
    NAME_BACKWARDS = "-name", _("Name (Z–A)")
    REGION = "region", _("Region")
    REGION_BACKWARDS = "-region", _("Region (Z–A)")
    STATUS = "status", _("Status")
    STATUS_BACKWARDS = "-status", _("Status (reversed)")
    SINCE = "since", _("Earliest first")
    SINCE_BACKWARDS = "-since", _("Latest first")


class _Day(DayFilter):
    """A day within the range of the record."""

    def validate(self, value: date | None) -> None:
        if value is None:
            return
        if value < FIRST_DAY:
            raise ValidationError(
                _("The record begins on %(day)s, when the Rome Statute was adopted."),
                code="too_early",
                params={"day": date_format(FIRST_DAY)},
            )
        if value > (last := last_day()):
            raise ValidationError(
                _("The record holds no information beyond %(day)s."),
                code="too_late",
                params={"day": date_format(last)},
            )


class KeptSelect(forms.Select):
    """A select whose markup a worker keeps, by name, value and language. Six of them took a fifth of a view's time."""

    kept: ClassVar[dict[tuple[Any, ...], SafeString]] = {}

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        # Only valid choices are kept, so that visitors cannot fill the memory.
        if value not in {None, *(choice for choice, _label in self.choices)}:
            return super().render(name, value, attrs, renderer)
        key = (name, value, tuple((attrs or {}).items()), get_language())
        if key not in self.kept:
            self.kept[key] = super().render(name, value, attrs, renderer)
        return self.kept[key]


class TrackerForm(FilterForm):
    """The filters, all of them optional. Errors are in the reader's language."""

    q = forms.CharField(
        label=_("Name or code of the state"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    on = _Day(label=_("On the day"))
    region = ChoiceFilter(Region.choices, label=_("Region"), widget=KeptSelect)
    status = ChoiceFilter(Kind.choices, label=_("Status"), widget=KeptSelect)
    complementarity = ChoiceFilter(STAGES, label=_("Law on complementarity"), widget=KeptSelect)
    cooperation = ChoiceFilter(STAGES, label=_("Law on cooperation"), widget=KeptSelect)
    focus = ChoiceFilter(
        [("1", _("Focus countries"))], label=_("Focus of the year"), widget=KeptSelect
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=Sort, widget=KeptSelect)

    def __init__(self, params: QueryDict) -> None:
        super().__init__(params)
        limits = {"min": f"{FIRST_DAY:%Y-%m-%d}", "max": f"{last_day():%Y-%m-%d}"}
        self.fields["on"].widget.attrs.update(limits)

    def clean(self) -> None:
        super().clean()
        if "on" in self.errors:
            # A date input shows no value that is not a date.
            self.fields["on"].widget = forms.TextInput()


@dataclass(frozen=True, kw_only=True)
class TrackerQuery(FilterQuery):
    """The filters of one view of the tracker. Days are UTC.

    `region`, `status` (of `Kind`; states that are leaving are also State Parties), `complementarity` and `cooperation`
    (of `LawStage`, or `unknown`) and `q` are empty if not set. `focus` keeps the countries in focus that year.
    """

    on: date
    region: str = ""
    status: str = ""
    complementarity: str = ""
    cooperation: str = ""
    focus: bool = False
    q: str = ""
    sort: str = Sort.NAME
    given: Mapping[str, str] = field(default_factory=dict)
    form: TrackerForm = field(default_factory=lambda: TrackerForm(QueryDict()), compare=False)

    @classmethod
    def from_params(cls, params: QueryDict) -> Self:
        """Read the filters from an address. Ignores invalid ones: see `errors`."""
        form = TrackerForm(params)
        values = form.given
        given = {
            name: f"{value:%Y-%m-%d}" if isinstance(value, date) else value
            for name, value in values.items()
        }
        values["on"] = values.get("on") or today()
        values["focus"] = bool(values.get("focus"))
        return cls(**values, given=given, form=form)

    @property
    def is_of_future(self) -> bool:
        """Whether the day is in the future, so that only what is known today can be shown."""
        return self.on > today()

    @property
    def is_of_all(self) -> bool:
        """Whether no state is left out."""
        return self.given.keys() <= {"on", "sort"}

    def select(self, states: Iterable[CountryOnDay], language: str) -> list[CountryOnDay]:
        """Return the states that match, sorted. One query if `q` is set, otherwise none."""
        return in_order(filter(self._filter(), states), self.sort, language)

    def _filter(self) -> Callable[[CountryOnDay], bool]:
        found = set(Country.objects.matching(self.q).values_list("pk", flat=True)) if self.q else ()
        laws = [(kind, stage) for kind in LawKind.values if (stage := getattr(self, kind))]

        def matches(state: CountryOnDay) -> bool:
            return (
                (not self.region or state.country.region == self.region)
                and (not self.status or self._has_status(state))
                and all(_stage(state, kind) == stage for kind, stage in laws)
                and (not self.focus or state.ask is not None)
                and (not self.q or state.country.pk in found)
            )

        return matches

    def _has_status(self, state: CountryOnDay) -> bool:
        return state.is_leaving if self.status == Kind.LEAVING else state.status == self.status

    def without(self, *names: str) -> Self:
        """Return the query without some of its filters."""
        openings: dict[str, Any] = {name: self.__dataclass_fields__[name].default for name in names}
        given = {name: value for name, value in self.given.items() if name not in names}
        return replace(self, given=given, **openings)

    def only(self, *names: str) -> Self:
        """Return the query with its day and only some of its other filters."""
        return self.without(*({*self.form.fields} - {"on", *names}))

    def address(self, view: str = "tracker", **changes: str | None) -> str:
        """Return the address of the query in the tracker or another view, with some parameters changed."""
        path = _path(view, get_language() or "")
        return f"{path}?{query}" if (query := self.urlencode(**changes)) else path


def _stage(state: CountryOnDay, kind: str) -> str:
    law = state.law(kind)
    return law.stage if law else NOT_KNOWN


@cache
def _path(view: str, _language: str) -> str:
    """Return the address of a view in the active language, which is `_language`. A page has seventy of them."""
    return reverse(view)


def last_day() -> date:
    """Return the last day that the tracker can show."""
    return date(today().year + YEARS_AHEAD, 12, 31)
