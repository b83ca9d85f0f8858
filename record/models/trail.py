"""Keeps the trail of changes: compares a country's entries before and after a write, and stores the differences.

Every write goes through `Country.save`: publication by an editor as well as an import. Drafts are not part of the
record.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Protocol, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.jobs import defer
from core.language import language_codes
from core.locks import Lock, hold_until_commit
from core.models import User
from record.choices import Cause, Certainty, ChangeKind, LawStage


class RecordVersion(models.Model):
    """A version of the record. Every edit and every import that changes something makes one.

    Rows are only ever added: a trigger refuses any change but the removal of a deleted user's name.
    """

    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    note = models.CharField(_("note"), max_length=300, blank=True)
    public_from = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("Its changes are not published until then; empty: published at once."),
    )
    undoes = models.OneToOneField(
        "self",
        verbose_name=_("undoes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text=_("A version whose changes were undone before they were published."),
    )

    class Meta:
        verbose_name = _("version of the record")
        verbose_name_plural = _("versions of the record")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.stamp

    @property
    def stamp(self) -> str:
        """The version as cited in tables, files and answers: `2026-11-22.17`."""
        return f"{self.made_at:%Y-%m-%d}.{self.pk}"


class RecordChangeQuerySet(QuerySet[Any]):
    """Changes of the record."""

    def public(self) -> Self:
        """Keep published changes: neither those still held back nor those that were undone."""
        held_back = Q(version__public_from__gt=timezone.now())
        return self.exclude(held_back | Q(version__undone_by__isnull=False))

    def for_feed(self) -> Self:
        """Sort latest first, and load the country and version of each."""
        return self.select_related("country", "version").order_by("-pk")


class RecordChange(models.Model):
    """A change to one entry of a country's record, with the fields before and after it."""

    version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="changes")
    country = models.ForeignKey("record.Country", on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=16, choices=ChangeKind)
    # The name of the model: `country`, `treatyaction`, `implementinglaw` or `focusyear`.
    entry = models.CharField(_("entry"), max_length=32)
    # The primary key of the entry in its own table. Older changes have none.
    entry_key = models.BigIntegerField(_("key of the entry"), null=True)
    before = models.JSONField(_("before"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), null=True, encoder=DjangoJSONEncoder)

    objects = RecordChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change to the record")
        verbose_name_plural = _("changes to the record")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False),
                name="record_change_shows_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_kind_display()}"

    @property
    def changed_fields(self) -> list[str]:
        """The names of the fields that differ, in the order of the model."""
        before, after = self.before or {}, self.after or {}
        return [name for name in (after or before) if before.get(name) != after.get(name)]


# Entries by model and primary key, each with its fields by name.
Entries = dict[tuple[str, int], dict[str, Any]]

ENTRIES = {
    "country": (
        "iso2",
        "iso3",
        "m49",
        *(f"name_{code}" for code in language_codes()),
        "un_name",
        "region",
        "un_group",
        "national_coalition",
        "national_coalition_link",
        "note",
        "sources",
        "verified_on",
    ),
    "treatyaction": (
        "treaty",
        "action",
        "date",
        "takes_effect_on",
        "effect_override_reason",
        "source",
        "certainty",
        "note",
    ),
    "implementinglaw": (
        "kind",
        "stage",
        "coverage",
        "gender_provisions",
        "title",
        "date",
        "as_of",
        "link",
        "source",
        "certainty",
        "note",
    ),
    "focusyear": ("year", "ask"),
}
# A change of these is an update, not a correction.
LIVING = {"national_coalition", "national_coalition_link", "note", "sources", "verified_on", "ask"}
CONFIRMATION = {"certainty", "source", "note"}
# If a country that was unpublished is published again within this time, neither event becomes public.
TIME_TO_UNDO = timedelta(hours=1)
SHOW_CHANGES = "record.show_changes"


class _Recording:
    """A block of writes that makes one version, as soon as one of them changes something."""

    def __init__(self, *, cause: Cause, user: User | None, note: str) -> None:
        self.cause, self.user, self.note = cause, user, note
        self._version: RecordVersion | None = None

    def version(self) -> RecordVersion:
        """Return the version of the block. The first call creates it."""
        if self._version is None:
            self._version = self.version_apart()
        return self._version

    def version_apart(self, **fields: Any) -> RecordVersion:
        """Create a separate version, for changes that are published differently from the rest of the block."""
        return RecordVersion.objects.create(
            cause=self.cause, made_by=self.user, note=self.note, **fields
        )


class Recordable(Protocol):
    """The part of `Country` that the trail uses."""

    @property
    def pk(self) -> Any: ...
    def recorded_entries(self) -> Entries: ...


_current: ContextVar[_Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(*, cause: Cause, user: User | None = None, note: str = "") -> Iterator[None]:
    """Run the block in one transaction, and let all its writes make one version of the record.

    Nested blocks join the outer one.
    """
    if _current.get() is not None:
        yield
        return
    token = _current.set(_Recording(cause=cause, user=user, note=note))
    try:
        with transaction.atomic():
            yield
    finally:
        _current.reset(token)


def lock_record() -> None:
    """Lock the record against other writers until the transaction ends.

    Otherwise two writers could compare with the same earlier state.
    """
    hold_until_commit(Lock.RECORD)


@contextmanager
def recorded(country: Recordable) -> Iterator[None]:
    """Store the changes that the block makes to a country's record. Must run in a transaction.

    The removal of a country becomes public only after `TIME_TO_UNDO`. If the country returns before that, the two
    writes count as one, and only the difference between the old and the new public state is stored.
    """
    lock_record()
    before = country.recorded_entries()
    taken_out = None if before else _taken_out(country.pk)
    yield
    after = country.recorded_entries()
    if taken_out and not after:
        return
    if taken_out:
        before, after = _as_before(taken_out), _as_stored(after)
    changes = list(_changes(before, after))
    if not changes and not taken_out:
        return
    current = _current.get() or _Recording(cause=Cause.EDIT, user=None, note="")
    if taken_out:
        version = current.version_apart(undoes=taken_out)
    elif not after:
        version = current.version_apart(public_from=timezone.now() + TIME_TO_UNDO)
        defer(SHOW_CHANGES, at=version.public_from)
    else:
        version = current.version()
    RecordChange.objects.bulk_create(
        RecordChange(version=version, country_id=country.pk, **change) for change in changes
    )


def key_of(entry: Model) -> tuple[str, int]:
    """Return the key of an entry in the trail: the name of its model and its primary key."""
    return str(entry._meta.model_name), entry.pk


def recorded_values(entry: Model) -> dict[str, Any]:
    """Return the fields of an entry that the trail keeps."""
    return {name: getattr(entry, name) for name in ENTRIES[str(entry._meta.model_name)]}


def _taken_out(country: int | None) -> RecordVersion | None:
    """Return the version that removed the country from the record, if it can still be undone."""
    latest = RecordVersion.objects.filter(changes__country=country).order_by("-pk").first()
    can_be_undone = latest and latest.public_from and latest.public_from > timezone.now()
    return latest if can_be_undone else None


def _as_before(version: RecordVersion) -> Entries:
    """Return the entries that a version removed. The tables may hold a later draft, which Wagtail writes there."""
    changes = version.changes.values_list("entry", "entry_key", "before")
    return {
        (entry, key): before
        for entry, key, before in changes
        if key is not None and before is not None
    }


def _as_stored(entries: Entries) -> Entries:
    """Return the entries with their values as the trail stores them, in JSON types."""
    return {key: json.loads(DjangoJSONEncoder().encode(row)) for key, row in entries.items()}


def _changes(before: Entries, after: Entries) -> Iterator[dict[str, Any]]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield {
                "kind": _kind(old, new),
                "entry": key[0],
                "entry_key": key[1],
                "before": old,
                "after": new,
            }


def _kind(old: dict[str, Any] | None, new: dict[str, Any] | None) -> ChangeKind:
    """Classify a change. New facts, such as the next stage of a law, are updates; all else corrects an error."""
    if old is None:
        return ChangeKind.ADDED
    if new is None:
        return ChangeKind.REMOVED
    if _is_confirmation(old, new):
        return ChangeKind.VERIFIED
    changed = {name for name in new if new[name] != old[name]}
    if changed <= LIVING or ("stage" in changed and _stage(new) > _stage(old)):
        return ChangeKind.UPDATED
    return ChangeKind.CORRECTED


def _is_confirmation(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether only the certainty changed, with its source and note, or the day of verification."""
    changed = {name for name in new if new[name] != old[name]}
    if "certainty" in changed:
        return new["certainty"] == Certainty.CONFIRMED and changed <= CONFIRMATION
    return changed == {"verified_on"}


def _stage(law: dict[str, Any]) -> int:
    return LawStage.values.index(law["stage"])
