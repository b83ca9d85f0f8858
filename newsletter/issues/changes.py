"""What changed in the record between two issues, in short lines."""

from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from core.language import current_language
from record.changes.versions import ToldVersion, tell_versions, versions_of
from record.changes.words import ToldChange
from record.choices import ChangeKind
from record.models import RecordChange, RecordChangeQuerySet
from regions.country_links import country_urls

MOST_LINES = 12
# What a first issue looks back on.
FIRST_PERIOD = timedelta(days=30)

# Longer values, and more fields than these, are for the tracker's own page.
LONGEST_VALUE = 60
MOST_FIELDS = 2


@dataclass(frozen=True)
class ChangeLine:
    """A change in a line. `subject` is the state or the import, and `url` the path of its page or empty."""

    subject: str
    words: str
    url: str


@dataclass(frozen=True)
class RecentChanges:
    """The newest changes of some days. `left_out` counts the entries that have no line."""

    lines: list[ChangeLine] = field(default_factory=list)
    left_out: int = 0


def changes_between(*, after: date, until: date) -> RecentChanges:
    """What changed after the one day until the end of the other, in UTC, in the active language.

    Without what was only verified: nothing changed there. Five queries at most.
    """
    changes = changed_between(after=after, until=until)
    told = tell_versions(
        versions_of(changes)[:MOST_LINES],
        changes,
        urls=country_urls(current_language()),
    )
    if not told:
        return RecentChanges()
    lines: list[ChangeLine] = []
    shown = 0
    for version in told:
        room = MOST_LINES - len(lines)
        if version.changes:
            lines += [_line(change) for change in version.changes[:room]]
            shown += len(version.changes[:room])
        elif room:
            lines.append(_line_of_many(version))
            shown += version.entries
    # Fewer versions than there is room for are all that there are.
    are_all = len(told) < MOST_LINES
    number = sum(version.entries for version in told) if are_all else changes.count()
    return RecentChanges(lines=lines, left_out=number - shown)


def changed_between(*, after: date, until: date) -> RecordChangeQuerySet:
    """Return the public entries of the trail that were told in those days. Lazy: an unevaluated queryset."""
    changes: RecordChangeQuerySet = RecordChange.objects.public().exclude(kind=ChangeKind.VERIFIED)
    # What was held back over the day of an issue belongs to the next one.
    told_at = Coalesce("version__public_from", "version__made_at")
    return changes.annotate(told_on=TruncDate(told_at, tzinfo=UTC)).filter(
        told_on__gt=after, told_on__lte=until
    )


def _line(change: ToldChange) -> ChangeLine:
    fields = [
        f"{one.name}: {one.before} → {one.after}"
        for one in change.fields
        if max(len(one.before), len(one.after)) <= LONGEST_VALUE
    ]
    words = _("%(entry)s (%(kind)s)") % {"entry": change.entry, "kind": change.kind_words}
    return ChangeLine(
        subject=change.country, words="; ".join([words, *fields[:MOST_FIELDS]]), url=change.url
    )


def _line_of_many(version: ToldVersion) -> ChangeLine:
    url = f"{reverse('tracker_changes')}?version={version.version.pk}"
    return ChangeLine(subject=version.heading, words="", url=url)
