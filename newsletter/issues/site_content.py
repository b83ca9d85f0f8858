"""Content of an issue that comes from the site: chosen articles, and changes of the record since the last issue."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.language import current_language
from core.page_cache.site import use_site_roots
from news.models import ArticlePage
from record.changes import ShownChange, ShownVersion, shown_versions, versions_of
from record.choices import ChangeKind
from record.models import RecordChange, RecordChangeQuerySet
from regions.country_links import country_urls


def articles_for_reader(chosen: Iterable[Page | None]) -> list[ArticlePage]:
    """Return the chosen articles in their order, each in the active language if translated, else as chosen.

    Unpublished and restricted articles are left out. The number of queries does not depend on that of articles.
    """
    pages = [page for page in chosen if page is not None]
    if not pages:
        return []
    language = current_language()
    in_language = Q(
        translation_key__in=[page.translation_key for page in pages],
        locale__language_code=language,
    )
    wanted = Q(pk__in=[page.pk for page in pages]) | in_language
    # A translation into the reader's language replaces the chosen page.
    articles = (
        ArticlePage.objects.filter(wanted).for_list().select_related("locale", "alias_of__locale")
    )
    by_key: dict[object, ArticlePage] = {}
    for article in articles:
        if article.translation_key not in by_key or article.locale.language_code == language:
            by_key[article.translation_key] = article
    found = [by_key[page.translation_key] for page in pages if page.translation_key in by_key]
    use_site_roots(*found)
    return found


MOST_LINES = 12
# The period of the first issue.
FIRST_PERIOD = timedelta(days=30)

# Longer values and further fields are left to the tracker's page of changes.
LONGEST_VALUE = 60
MOST_FIELDS = 2


@dataclass(frozen=True)
class ChangeLine:
    """A change in one line. `subject` is the state or the import; `url` is the path of its page, or empty."""

    subject: str
    description: str
    url: str


@dataclass(frozen=True)
class RecentChanges:
    """The newest changes in a period. `left_out` counts the entries without a line."""

    lines: list[ChangeLine] = field(default_factory=list)
    left_out: int = 0


def changes_between(*, after: date, until: date) -> RecentChanges:
    """Return the changes after one day until the end of another, in UTC, in the active language.

    Entries that were only verified are left out. Five queries at most.
    """
    changes = changed_between(after=after, until=until)
    versions = shown_versions(
        versions_of(changes)[:MOST_LINES],
        changes,
        urls=country_urls(current_language()),
    )
    if not versions:
        return RecentChanges()
    lines: list[ChangeLine] = []
    shown = 0
    for version in versions:
        room = MOST_LINES - len(lines)
        if version.changes:
            lines += [_line(change) for change in version.changes[:room]]
            shown += len(version.changes[:room])
        elif room:
            lines.append(_line_of_many(version))
            shown += version.entries
    # Fewer versions than the limit: these are all of them.
    are_all = len(versions) < MOST_LINES
    number = sum(version.entries for version in versions) if are_all else changes.count()
    return RecentChanges(lines=lines, left_out=number - shown)


def changed_between(*, after: date, until: date) -> RecordChangeQuerySet:
    """Select the public entries of the trail that became public in the period. Lazy: an unevaluated queryset."""
    changes: RecordChangeQuerySet = RecordChange.objects.public().exclude(kind=ChangeKind.VERIFIED)
    # Entries held back past an issue belong to the next one.
    public_at = Coalesce("version__public_from", "version__made_at")
    return changes.annotate(public_on=TruncDate(public_at, tzinfo=UTC)).filter(
        public_on__gt=after, public_on__lte=until
    )


def _line(change: ShownChange) -> ChangeLine:
    fields = [
        f"{one.name}: {one.before} → {one.after}"
        for one in change.fields
        if max(len(one.before), len(one.after)) <= LONGEST_VALUE
    ]
    summary = _("%(entry)s (%(kind)s)") % {"entry": change.entry, "kind": change.kind_label}
    return ChangeLine(
        subject=change.country,
        description="; ".join([summary, *fields[:MOST_FIELDS]]),
        url=change.url,
    )


def _line_of_many(version: ShownVersion) -> ChangeLine:
    url = f"{reverse('tracker_changes')}?version={version.version.pk}"
    return ChangeLine(subject=version.heading, description="", url=url)
