"""The record: every state, what it did about the treaties on which day, and its laws.

A status is nowhere stored. It is what the dated actions say on a day: `Country.objects.as_of(day)`.
"""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Revision, RevisionMixin, WorkflowMixin
from wagtail.search import index

from core.days import today
from core.language import current_language
from core.models import LiveVersionMixin, User
from record.choices import (
    CONSENTS,
    Action,
    Cause,
    Certainty,
    GenderProvisions,
    LawCoverage,
    LawKind,
    LawStage,
    Region,
    Treaty,
    UNGroup,
)
from record.querysets import CountryQuerySet, ImplementingLawQuerySet, TreatyActionQuerySet
from record.trail import recorded, recording
from record.treaty_rules import day_of_effect


class Country(
    LiveVersionMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """A state as the United Nations and the Assembly of States Parties list them, with its part of the record."""

    iso2 = models.CharField(
        _("ISO code of two letters"),
        max_length=2,
        unique=True,
        validators=[RegexValidator("^[A-Z]{2}$", _("Two capital letters."))],
    )
    iso3 = models.CharField(
        _("ISO code of three letters"),
        max_length=3,
        unique=True,
        validators=[RegexValidator("^[A-Z]{3}$", _("Three capital letters."))],
    )
    m49 = models.CharField(
        _("UN M49 code"),
        max_length=3,
        unique=True,
        validators=[RegexValidator("^[0-9]{3}$", _("Three digits."))],
    )
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_es = models.CharField(_("name in Spanish"), max_length=80)
    name_ar = models.CharField(_("name in Arabic"), max_length=80)
    un_name = models.CharField(
        _("short form at the United Nations"),
        max_length=80,
        blank=True,
        help_text=_("In English, where it differs from the name."),
    )
    region = models.CharField(_("region"), max_length=32, choices=Region)
    un_group = models.CharField(
        _("regional group at the United Nations"), max_length=24, choices=UNGroup, blank=True
    )
    national_coalition = models.CharField(
        _("national coalition"),
        max_length=200,
        blank=True,
        help_text=_("Its name, if there is one."),
    )
    national_coalition_link = models.URLField(_("link of the national coalition"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Shown to the public."))
    sources = models.TextField(_("sources"), blank=True)
    verified_on = models.DateField(_("last verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last verified by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="country")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="country",
        for_concrete_model=False,
    )

    objects = CountryQuerySet.as_manager()

    search_fields = [
        index.SearchField("name_en"),
        index.SearchField("name_fr"),
        index.SearchField("name_es"),
        index.SearchField("name_ar"),
        index.SearchField("un_name"),
        index.SearchField("iso3"),
        index.AutocompleteField("name_en"),
        index.FilterField("region"),
    ]

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        permissions = [("import_country", _("Can import the record from a file"))]
        ordering = ["name_en"]
        constraints = [
            models.CheckConstraint(
                condition=Q(iso2__regex="^[A-Z]{2}$")
                & Q(iso3__regex="^[A-Z]{3}$")
                & Q(m49__regex="^[0-9]{3}$"),
                name="country_codes_are_well_formed",
            ),
            models.CheckConstraint(
                condition=Q(region__in=Region.values), name="country_has_region"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        language = current_language()
        return str(getattr(self, f"name_{language}", "") or self.name_en)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the country with its actions and laws, and write what became public into the trail of changes."""
        with transaction.atomic(), recorded(self):
            super().save(*args, **kwargs)

    def publish(self, revision: Revision, user: User | None = None, **kwargs: Any) -> None:
        """Publish a revision, however it comes to it, with the name of who does it in the trail of changes."""
        with recording(cause=Cause.EDIT, user=user):
            super().publish(revision, user=user, **kwargs)

    publish.alters_data = True  # type: ignore[attr-defined]


class TreatyAction(models.Model):
    """What a state did about a treaty on a day, as the depositary was told."""

    country = ParentalKey(Country, on_delete=models.CASCADE, related_name="treaty_actions")
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
        help_text=_("Only where the treaty's own rule does not give the day."),
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
                violation_error_message=_("Another day of effect needs its reason."),
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
                {"effect_override_reason": _("Another day of effect needs its reason.")}
            )
        if self.effect_override_reason and not self.effect_override:
            raise ValidationError({"effect_override": _("Say which day, or clear the reason.")})

    @property
    def is_consent(self) -> bool:
        """Whether it makes the state a party."""
        return self.action in CONSENTS

    @property
    def is_doubtful(self) -> bool:
        """Whether the secretariat has still to check it."""
        return self.certainty == Certainty.TO_BE_VERIFIED


class ImplementingLaw(models.Model):
    """A law that lets a state try the Statute's crimes itself, or work with the Court."""

    country = ParentalKey(Country, on_delete=models.CASCADE, related_name="laws")
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
        _("date"), null=True, blank=True, help_text=_("The day on which it came to this stage.")
    )
    as_of = models.DateField(
        _("as of"),
        default=today,
        help_text=_(
            "The day of the source. Where the day of the stage is not known, it counts from here."
        ),
    )
    link = models.URLField(_("link"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    certainty = models.CharField(
        _("certainty"), max_length=16, choices=Certainty, default=Certainty.TO_BE_VERIFIED
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Shown to the public."))

    objects = ImplementingLawQuerySet.as_manager()

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
        """Whether the secretariat has still to check it."""
        return self.certainty == Certainty.TO_BE_VERIFIED


class FocusYear(models.Model):
    """A year in which the Coalition asks a state publicly to act, and for what."""

    country = ParentalKey(Country, on_delete=models.CASCADE, related_name="focus_years")
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
