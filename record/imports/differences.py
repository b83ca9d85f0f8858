"""What an import would change: each entry that it adds or changes, before and after, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Field, Model

from record.choices import ChangeKind
from record.models import Country, ImplementingLaw, TreatyAction
from record.trail import ENTRIES

Entry = Country | TreatyAction | ImplementingLaw
# The fields of stored entries by model and key.
Snapshot = dict[tuple[type[Model], int], dict[str, Any]]


@dataclass(frozen=True)
class FieldDifference:
    """One field of an entry: its name, and what it holds before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryDifference:
    """One entry that is added or changed."""

    kind: ChangeKind
    entry: str
    fields: tuple[FieldDifference, ...]

    @property
    def is_new(self) -> bool:
        return self.kind == ChangeKind.ADDED


@dataclass(frozen=True)
class CountryDifference:
    """What changes of one country. `is_new` says that the record does not have it yet."""

    iso3: str
    name: str
    is_new: bool
    entries: tuple[EntryDifference, ...]


def snapshot(country: Country) -> Snapshot:
    """What the record holds of a country; nothing where it does not have it."""
    if country.pk is None:
        return {}
    return {
        (type(entry), entry.pk): _values(entry)
        for entry in (country, *country.treaty_actions.all(), *country.laws.all())
    }


def difference(before: Snapshot, country: Country) -> CountryDifference | None:
    """What differs between the snapshot and the country in memory. Nothing where nothing does."""
    entries = (country, *country.treaty_actions.all(), *country.laws.all())
    differences = tuple(_entry_differences(before, entries))
    if not differences:
        return None
    return CountryDifference(country.iso3, country.name, country.pk is None, differences)


def _entry_differences(before: Snapshot, entries: Iterable[Entry]) -> Iterator[EntryDifference]:
    for entry in entries:
        old = before.get((type(entry), entry.pk), {})
        new = _values(entry)
        fields = tuple(
            _field_difference(entry, name, old.get(name), value)
            for name, value in new.items()
            if (old.get(name) or None) != (value or None)
        )
        if fields:
            kind = ChangeKind.UPDATED if old else ChangeKind.ADDED
            yield EntryDifference(kind, str(entry), fields)


def _values(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ENTRIES[str(entry._meta.model_name)]}


def _field_difference(entry: Entry, name: str, old: Any, new: Any) -> FieldDifference:
    field = cast("Field[Any, Any]", entry._meta.get_field(name))
    return FieldDifference(str(field.verbose_name), _words(field, old), _words(field, new))


def _words(field: "Field[Any, Any]", value: Any) -> str:
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
