"""The trail of changes to the record: what was added, updated, verified, corrected or removed, and when."""

from typing import Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from record.choices import Cause, ChangeKind


class RecordVersion(models.Model):
    """A state of the record: its number grows with every edit and every import that changed something.

    Rows are only ever added; the database sees to it, and lets go of nothing but the name of a deleted user.
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
        """By which a table, file or answer says which state of the record it shows: `2026-11-22.17`."""
        return f"{self.made_at:%Y-%m-%d}.{self.pk}"


class RecordChangeQuerySet(QuerySet[Any]):
    """Changes of the record."""

    def public(self) -> Self:
        """Those that the public may read of: not yet those that are held back, and never those that were undone."""
        held_back = Q(version__public_from__gt=timezone.now())
        return self.exclude(held_back | Q(version__undone_by__isnull=False))

    def for_feed(self) -> Self:
        """The latest first, with what their words need."""
        return self.select_related("country", "version").order_by("-pk")


class RecordChange(models.Model):
    """One entry of a country's record that changed, with its fields before and after."""

    version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="changes")
    country = models.ForeignKey("record.Country", on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=16, choices=ChangeKind)
    # The name of the model, as `country`, `treatyaction`, `implementinglaw`, `focusyear`.
    entry = models.CharField(_("entry"), max_length=32)
    # Of the entry in its own table. Older changes have none.
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
