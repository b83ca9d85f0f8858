"""The entries of the record about a state: its dated treaty actions, its implementing laws and its focus years."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from core.days import today
from record.choices import (
    CONSENTS,
    Action,
    Certainty,
    GenderProvisions,
    LawCoverage,
    LawKind,
    LawStage,
    Treaty,
)
from record.status import CANCELLED_BY
from record.treaty_rules import day_of_effect


class TreatyActionQuerySet(QuerySet[Any]):
    """Treaty actions, also of countries that are drafts: `Country.objects` decides which countries are shown."""

    def not_cancelled(self, *, by: date) -> Self:
        """Leave out instruments withdrawn and notices revoked by that day, before they took effect."""
        cancellations = TreatyAction.objects.filter(
            country=OuterRef("country"),
            treaty=OuterRef("treaty"),
            date__gte=OuterRef("date"),
            date__lt=Coalesce(OuterRef("takes_effect_on"), Value(date.max)),
            date__lte=by,
        )
        revocations = cancellations.filter(action=Action.WITHDRAWAL_NOTICE_REVOKED)
        withdrawals = cancellations.filter(action=Action.INSTRUMENT_WITHDRAWN)
        return self.exclude(Q(action=Action.WITHDRAWAL_NOTICE) & Exists(revocations)).exclude(
            Q(action__in=CONSENTS) & Exists(withdrawals)
        )

    def in_effect(self, *, treaty: str = Treaty.ROME_STATUTE, on: date) -> Self:
        """Keep consents and withdrawals in effect, latest first. The first one of a country decides its status."""
        turns = self.filter(treaty=treaty, action__in=CANCELLED_BY)
        turns = turns.filter(takes_effect_on__lte=on).not_cancelled(by=on)
        return turns.order_by("-takes_effect_on", "-date", "-pk")

    def pending(self, *, treaty: str = Treaty.ROME_STATUTE, on: date) -> Self:
        """Keep consents and withdrawals known on that day that have yet to take effect, latest first."""
        turns = self.filter(treaty=treaty, action__in=CANCELLED_BY)
        turns = turns.filter(Q(takes_effect_on__gt=on) | Q(takes_effect_on=None), date__lte=on)
        return turns.not_cancelled(by=on).order_by("-date", "-pk")


class TreatyAction(models.Model):
    """A dated act of a state under a treaty, as notified to the depositary."""

    country = ParentalKey("record.Country", on_delete=models.CASCADE, related_name="treaty_actions")
    treaty = models.CharField(
        _("treaty"), max_length=32, choices=Treaty, default=Treaty.ROME_STATUTE
    )
    action = models.CharField(_("action"), max_length=32, choices=Action)
    date = models.DateField(
        _("date"), help_text=_("The day of signature, deposit, or receipt by the depositary.")
    )
    effect_override = models.DateField(
        _("another day of effect"),
        null=True,
        blank=True,
        help_text=_("Only if the treaty's own rule does not determine the day."),
    )
    effect_override_reason = models.CharField(
        _("reason for another day"), max_length=300, blank=True
    )
    takes_effect_on = models.DateField(_("takes effect on"), null=True, editable=False)
    source = models.CharField(_("source"), max_length=300)
    certainty = models.CharField(
        _("certainty"), max_length=16, choices=Certainty, default=Certainty.TO_BE_VERIFIED
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Shown to the public."))

    objects = TreatyActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("treaty action")
        verbose_name_plural = _("treaty actions")
        ordering = ["date", "pk"]
        indexes = [
            models.Index(fields=["country", "treaty", "takes_effect_on"], name="action_by_effect")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("country", "treaty", "action", "date"),
                name="unique_treaty_action",
                violation_error_message=_("This action is in the record already."),
            ),
            models.CheckConstraint(
                condition=Q(effect_override=None, effect_override_reason="")
                | (Q(effect_override__isnull=False) & ~Q(effect_override_reason="")),
                name="treaty_action_override_has_reason",
                violation_error_message=_("Another day of effect needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(takes_effect_on=None)
                | Q(takes_effect_on__gte=F("date"))
                | Q(action=Action.SUCCESSION),
                name="treaty_action_has_effect_after_its_date",
                violation_error_message=_("It cannot take effect before the date of deposit."),
            ),
            models.CheckConstraint(
                condition=Q(treaty__in=Treaty.values) & Q(action__in=Action.values),
                name="treaty_action_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_treaty_display()}: {self.get_action_display()}, {self.date:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.takes_effect_on = self.effect_override or day_of_effect(
            self.treaty, self.action, self.date
        )
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.effect_override and not self.effect_override_reason:
            raise ValidationError(
                {"effect_override_reason": _("Another day of effect needs a reason.")}
            )
        if self.effect_override_reason and not self.effect_override:
            raise ValidationError({"effect_override": _("Enter the day, or clear the reason.")})

    @property
    def is_consent(self) -> bool:
        """Whether the state becomes a party by it."""
        return self.action in CONSENTS

    @property
    def is_doubtful(self) -> bool:
        """Whether the secretariat has yet to verify it."""
        return self.certainty == Certainty.TO_BE_VERIFIED


class ImplementingLaw(models.Model):
    """A law by which a state can prosecute the Statute's crimes itself, or cooperate with the Court."""

    country = ParentalKey("record.Country", on_delete=models.CASCADE, related_name="laws")
    kind = models.CharField(_("kind"), max_length=16, choices=LawKind)
    stage = models.CharField(_("stage"), max_length=24, choices=LawStage)
    coverage = models.CharField(
        _("coverage"), max_length=16, choices=LawCoverage, default=LawCoverage.UNKNOWN
    )
    gender_provisions = models.CharField(
        _("gender provisions"),
        max_length=16,
        choices=GenderProvisions,
        default=GenderProvisions.UNKNOWN,
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    date = models.DateField(
        _("date"),
        null=True,
        blank=True,
        help_text=_("The day on which the law reached this stage."),
    )
    as_of = models.DateField(
        _("as of"),
        default=today,
        help_text=_(
            "The day of the source. If the day of the stage is not known, the stage counts from this day."
        ),
    )
    link = models.URLField(_("link"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    certainty = models.CharField(
        _("certainty"), max_length=16, choices=Certainty, default=Certainty.TO_BE_VERIFIED
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Shown to the public."))

    class Meta:
        verbose_name = _("implementing law")
        verbose_name_plural = _("implementing laws")
        ordering = ["kind", "date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=("country", "kind", "title"),
                name="unique_implementing_law",
                violation_error_message=_("A law of this kind and title is in the record already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LawKind.values) & Q(stage__in=LawStage.values),
                name="implementing_law_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()}: {self.get_stage_display()}"

    @property
    def is_doubtful(self) -> bool:
        """Whether the secretariat has yet to verify it."""
        return self.certainty == Certainty.TO_BE_VERIFIED


class FocusYear(models.Model):
    """A year in which the Coalition publicly asks a state to act, with its ask."""

    country = ParentalKey("record.Country", on_delete=models.CASCADE, related_name="focus_years")
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1998)])
    ask = models.TextField(_("ask"), help_text=_("What the Coalition asks of the state this year."))

    class Meta:
        verbose_name = _("focus year")
        verbose_name_plural = _("focus years")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=("country", "year"),
                name="unique_focus_year",
                violation_error_message=_("The country has an ask for this year already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
