"""The changes of an import: each entry that it adds or changes, with values before and after as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Field, Model
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class FieldDifference:
    """One field of an entry: its name, and its values before and after as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryDifference:
    """An entry that is added or changed."""

    entry: str
    is_new: bool
    fields: tuple[FieldDifference, ...]

    def __str__(self) -> str:
        return f"{_('Added') if self.is_new else _('Updated')}: {self.entry}"


@dataclass(frozen=True)
class Difference:
    """The changes of an object and of its entries. `key` is the key of its row in the file."""

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
    """Compare the entry with its values before, which are empty for a new one. Return None if nothing differs."""
    fields = tuple(
        _field_difference(entry, name, before.get(name), value)
        for name, value in field_values(entry, names).items()
        if (before.get(name) or None) != (value or None)
    )
    return EntryDifference(str(entry), not before, fields) if fields else None


def _field_difference(entry: Model, name: str, old: Any, new: Any) -> FieldDifference:
    field = cast("Field[Any, Any]", entry._meta.get_field(name))
    return FieldDifference(str(field.verbose_name), _as_text(field, old), _as_text(field, new))


def _as_text(field: "Field[Any, Any]", value: Any) -> str:
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
