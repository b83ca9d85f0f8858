"""The trail by versions of the record: each edit and each import is told as one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from record.choices import Cause
from record.models import RecordChange, RecordChangeQuerySet, RecordVersion

from .words import ToldChange, tell

# A version with more entries is told by their number, and has them on a page of its own.
MOST_SHOWN = 12


@dataclass(frozen=True)
class ToldVersion:
    """A version of the record. `changes` is empty where there are too many to be told with others."""

    version: RecordVersion
    entries: int
    countries: int
    changes: list[ToldChange] = field(default_factory=list)

    @property
    def numbers(self) -> str:
        """ "196 states, 912 entries"."""
        states = ngettext("%(number)s state", "%(number)s states", self.countries)
        entries = ngettext("%(number)s entry", "%(number)s entries", self.entries)
        return _("%(states)s, %(entries)s") % {
            "states": states % {"number": self.countries},
            "entries": entries % {"number": self.entries},
        }

    @property
    def heading(self) -> str:
        """Whose it was, over its changes: "Kenya", or "Import: 196 states, 912 entries"."""
        if self.version.cause == Cause.IMPORT:
            return _("Import: %(numbers)s") % {"numbers": self.numbers}
        if self.countries == 1 and self.changes:
            return self.changes[0].country
        return _("Edited: %(numbers)s") % {"numbers": self.numbers}

    @property
    def title(self) -> str:
        """What it was, in a line of its own: "Kenya: Rome Statute: Ratification, 15 March 2005 (Corrected)"."""
        if len(self.changes) == 1:
            [change] = self.changes
            words = _("%(country)s: %(entry)s (%(kind)s)")
            return words % {
                "country": change.country,
                "entry": change.entry,
                "kind": change.kind_words,
            }
        if self.version.cause == Cause.IMPORT or self.countries > 1:
            return self.heading
        entries = ngettext("%(number)s entry", "%(number)s entries", self.entries)
        return _("%(country)s: %(entries)s") % {
            "country": self.heading,
            "entries": entries % {"number": self.entries},
        }


def versions_of(changes: RecordChangeQuerySet) -> QuerySet[RecordVersion]:
    """The versions that hold one of these changes, the newest first."""
    return RecordVersion.objects.filter(Exists(changes.filter(version=OuterRef("pk"))))


def tell_versions(
    versions: Iterable[RecordVersion], changes: RecordChangeQuerySet, *, urls: dict[str, str]
) -> list[ToldVersion]:
    """The versions with those of their changes that were asked for. Two queries, whatever the number of either."""
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
        ToldVersion(
            version=version,
            entries=counted[version.pk]["entries"],
            countries=counted[version.pk]["countries"],
            changes=tell(by_version.get(version.pk, []), urls=urls),
        )
        for version in versions
    ]
