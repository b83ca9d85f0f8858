"""A change of the record in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Field, Model
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from record.choices import ChangeKind
from record.models import Country, FocusYear, ImplementingLaw, RecordChange, TreatyAction

LONGEST_VALUE = 300
MODELS: dict[str, type[Model]] = {
    str(model._meta.model_name): model
    for model in (Country, TreatyAction, ImplementingLaw, FocusYear)
}


@dataclass(frozen=True)
class FieldChange:
    """A field by its name, with its value before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ToldChange:
    """A change as it is shown. `fields` is empty for an entry that came or went as a whole."""

    country: str
    iso3: str
    url: str
    kind: str
    kind_words: str
    entry: str
    fields: list[FieldChange]

    @property
    def is_correction(self) -> bool:
        return self.kind == ChangeKind.CORRECTED


def tell(changes: Iterable[RecordChange], *, urls: dict[str, str]) -> list[ToldChange]:
    """The changes in words. `urls` are the addresses of countries' pages by their code; see `country_urls`."""
    return [
        ToldChange(
            country=change.country.name,
            iso3=change.country.iso3,
            url=urls.get(change.country.iso3, ""),
            kind=change.kind,
            kind_words=change.get_kind_display(),
            entry=_entry(change),
            fields=_fields(change),
        )
        for change in changes
    ]


def _entry(change: RecordChange) -> str:
    """Which entry of the country's record it is, by what it says now, or said last."""
    values = change.after or change.before or {}
    in_words = {name: _value(_field(change.entry, name), value) for name, value in values.items()}
    match change.entry:
        case "treatyaction":
            return _("%(treaty)s: %(action)s, %(date)s") % in_words
        case "implementinglaw" if values.get("title"):
            return in_words["title"]
        case "implementinglaw":
            return _("Law on %(kind)s: %(stage)s") % in_words
        case "focusyear":
            return _("Focus in %(year)s") % in_words
        case _:
            return _("General facts")


def _fields(change: RecordChange) -> list[FieldChange]:
    if change.before is None or change.after is None:
        return []
    return [
        FieldChange(
            name=str(field.verbose_name) if field else name,
            before=_value(field, change.before.get(name)),
            after=_value(field, change.after.get(name)),
        )
        for name in change.changed_fields
        for field in [_field(change.entry, name)]
    ]


def _field(entry: str, name: str) -> "Field[Any, Any] | None":
    """The field of a model; none where the trail is older than a change of the model."""
    try:
        field = MODELS[entry]._meta.get_field(name)
    except (KeyError, FieldDoesNotExist):
        return None
    return field if isinstance(field, Field) else None


def _value(field: "Field[Any, Any] | None", value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if isinstance(field, DateField) and (day := parse_date(str(value))):
        return date_format(day)
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(str(value)).chars(LONGEST_VALUE)
