"""What an import would change: each entry that it adds or changes, before and after, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Field, Model
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FieldDifference:
    """One field of an entry: its name, and what it holds before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryDifference:
    """One row of a table that is added or changed."""

    entry: str
    is_new: bool
    fields: tuple[FieldDifference, ...]

    def __str__(self) -> str:
        return f"{_('Added') if self.is_new else _('Updated')}: {self.entry}"


@dataclass(frozen=True)
class Difference:
    """What changes of one object and of the entries that belong to it. `key` is the key of its row in the file."""

    key: str
    name: str
    is_new: bool
    entries: tuple[EntryDifference, ...]


def field_values(entry: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of these fields."""
    return {name: getattr(entry, name) for name in names}


def entry_difference(
    entry: Model, names: Iterable[str], before: Mapping[str, Any]
) -> EntryDifference | None:
    """Compare the entry in memory with the values it had, none for a new one. Return None where they are equal."""
    fields = tuple(
        _field_difference(entry, name, before.get(name), value)
        for name, value in field_values(entry, names).items()
        if (before.get(name) or None) != (value or None)
    )
    return EntryDifference(str(entry), not before, fields) if fields else None


def _field_difference(entry: Model, name: str, old: Any, new: Any) -> FieldDifference:
    field = cast("Field[Any, Any]", entry._meta.get_field(name))
    return FieldDifference(str(field.verbose_name), _in_words(field, old), _in_words(field, new))


def _in_words(field: "Field[Any, Any]", value: Any) -> str:
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
