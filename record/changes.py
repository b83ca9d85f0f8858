"""Presents the trail of changes to readers: the text of each change, and changes grouped by version of the record.

Each edit and each import makes one version.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, DateField, Exists, Field, Model, OuterRef, QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from record.choices import Cause, ChangeKind
from record.models import (
    Country,
    FocusYear,
    ImplementingLaw,
    RecordChange,
    RecordChangeQuerySet,
    RecordVersion,
    TreatyAction,
)

LONGEST_VALUE = 300
MODELS: dict[str, type[Model]] = {
    str(model._meta.model_name): model
    for model in (Country, TreatyAction, ImplementingLaw, FocusYear)
}


@dataclass(frozen=True)
class FieldChange:
    """The name of a field with its value before and after the change, as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownChange:
    """A change as shown to readers. `fields` is empty if the whole entry was added or removed."""

    country: str
    iso3: str
    url: str
    kind: str
    kind_label: str
    entry: str
    fields: list[FieldChange]

    @property
    def is_correction(self) -> bool:
        return self.kind == ChangeKind.CORRECTED


def shown_changes(changes: Iterable[RecordChange], *, urls: dict[str, str]) -> list[ShownChange]:
    """Return the changes as shown to readers. `urls` are the addresses of the countries' pages by ISO code."""
    return [
        ShownChange(
            country=change.country.name,
            iso3=change.country.iso3,
            url=urls.get(change.country.iso3, ""),
            kind=change.kind,
            kind_label=change.get_kind_display(),
            entry=_entry(change),
            fields=_fields(change),
        )
        for change in changes
    ]


def _entry(change: RecordChange) -> str:
    """Return a title for the changed entry, from its latest values."""
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
    """Return a field of the entry's model, or None if the model no longer has it."""
    try:
        field = MODELS[entry]._meta.get_field(name)
    except (KeyError, FieldDoesNotExist):
        return None
    return field if isinstance(field, Field) else None


def _value(field: "Field[Any, Any] | None", value: Any) -> str:
    if value in (None, ""):
        return _("(empty)")
    if isinstance(field, DateField) and (day := parse_date(str(value))):
        return date_format(day)
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(str(value)).chars(LONGEST_VALUE)


# A version with more entries is summed up by their number, and lists them on a page of its own.
MOST_SHOWN = 12


@dataclass(frozen=True)
class ShownVersion:
    """A version of the record as shown to readers. `changes` is empty if there are more than `MOST_SHOWN`."""

    version: RecordVersion
    entries: int
    countries: int
    changes: list[ShownChange] = field(default_factory=list)

    @property
    def numbers(self) -> str:
        """Return how much the version changed: "196 states, 912 entries"."""
        states = ngettext("%(number)s state", "%(number)s states", self.countries)
        entries = ngettext("%(number)s entry", "%(number)s entries", self.entries)
        return _("%(states)s, %(entries)s") % {
            "states": states % {"number": self.countries},
            "entries": entries % {"number": self.entries},
        }

    @property
    def heading(self) -> str:
        """Return the heading above the changes: "Kenya", or "Import: 196 states, 912 entries"."""
        if self.version.cause == Cause.IMPORT:
            return _("Import: %(numbers)s") % {"numbers": self.numbers}
        if self.countries == 1 and self.changes:
            return self.changes[0].country
        return _("Edited: %(numbers)s") % {"numbers": self.numbers}

    @property
    def title(self) -> str:
        """Return a title that stands alone: "Kenya: Rome Statute: Ratification, 15 March 2005 (Corrected)"."""
        if len(self.changes) == 1:
            [change] = self.changes
            words = _("%(country)s: %(entry)s (%(kind)s)")
            return words % {
                "country": change.country,
                "entry": change.entry,
                "kind": change.kind_label,
            }
        if self.version.cause == Cause.IMPORT or self.countries > 1:
            return self.heading
        entries = ngettext("%(number)s entry", "%(number)s entries", self.entries)
        return _("%(country)s: %(entries)s") % {
            "country": self.heading,
            "entries": entries % {"number": self.entries},
        }


def versions_of(changes: RecordChangeQuerySet) -> QuerySet[RecordVersion]:
    """Return the versions that made one of these changes, newest first."""
    return RecordVersion.objects.filter(Exists(changes.filter(version=OuterRef("pk"))))


def shown_versions(
    versions: Iterable[RecordVersion], changes: RecordChangeQuerySet, *, urls: dict[str, str]
) -> list[ShownVersion]:
    """Return the versions with those of `changes` that they made. Two queries, whatever the number of versions."""
    versions = list(versions)
    counted = {
        row["version"]: row
        for row in changes.filter(version__in=versions)
        .order_by()
        .values("version")
        .annotate(entries=Count("pk"), countries=Count("country", distinct=True))
    }
    small = [pk for pk, row in counted.items() if row["entries"] <= MOST_SHOWN]
    by_version: dict[int, list[RecordChange]] = {}
    for change in changes.filter(version__in=small).for_feed():
        by_version.setdefault(change.version_id, []).append(change)
    return [
        ShownVersion(
            version=version,
            entries=counted[version.pk]["entries"],
            countries=counted[version.pk]["countries"],
            changes=shown_changes(by_version.get(version.pk, []), urls=urls),
        )
        for version in versions
    ]
