"""The countries of the record, and the status of each on any day.

A status is never stored. It follows from the dated actions, by the rule in `record.status`; `with_standing` is the
same rule in SQL.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lower, RowNumber
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Revision, RevisionMixin, WorkflowMixin
from wagtail.search import index

from core.language import current_language, language_codes
from core.models import LiveVersionMixin, User
from record.choices import CONSENTS, Action, Cause, Certainty, Region, Status, Treaty, UNGroup
from record.status import DayOutOfRangeError, StatusCounts
from record.treaties import FIRST_DAY

from .entries import FocusYear, ImplementingLaw, TreatyAction
from .trail import Entries, key_of, recorded, recorded_values, recording


class CountryQuerySet(QuerySet[Any]):
    """Countries. Filters by status work only after `as_of` or `with_standing`, which annotate it."""

    def published(self) -> Self:
        return self.filter(live=True)

    def in_region(self, region: str) -> Self:
        return self.filter(region=region)

    def by_name(self, language: str) -> Self:
        """Sort by name in a language, independently of the server's collations: É sorts as E, أ as ا."""
        return self.order_by(_letters(language), "iso3")

    def with_alphabets(self) -> Self:
        """Annotate `place_en`, `place_fr` and so on: the position of each in the order of names in that language."""
        places = {
            f"place_{language}": Window(
                RowNumber(), order_by=[_letters(language).asc(), F("iso3").asc()]
            )
            for language in language_codes()
        }
        return self.annotate(**places)

    def matching(self, text: str) -> Self:
        """Filter by a part of the name in any language, or by a code."""
        names = Q(un_name__unaccent__icontains=text)
        for language in language_codes():
            names |= Q(**{f"name_{language}__unaccent__icontains": text})
        return self.filter(names | Q(iso2__iexact=text) | Q(iso3__iexact=text))

    def as_of(self, day: date, *, treaty: str = Treaty.ROME_STATUTE) -> Self:
        """Keep published countries, with their standing under a treaty on a day (UTC): see `with_standing`."""
        return self.published().with_standing(day, treaty=treaty)

    def with_standing(self, day: date, *, treaty: str = Treaty.ROME_STATUTE) -> Self:
        """Annotate `status`, `since`, `signed_on`, `consented_on`, `joins_on`, `leaves_on` and `declared_on` on a day.

        Their values are those of `record.status.Standing`. Raises `DayOutOfRangeError`.
        """
        if day < FIRST_DAY:
            raise DayOutOfRangeError
        actions = TreatyAction.objects.filter(country=OuterRef("pk"))
        turns = actions.in_effect(treaty=treaty, on=day)
        pending = actions.pending(treaty=treaty, on=day)
        done = actions.filter(treaty=treaty, date__lte=day).order_by("-date")
        consents = done.filter(action__in=CONSENTS).not_cancelled(by=day)
        return self.annotate(
            last_turn=Subquery(turns.values("action")[:1]),
            last_turn_on=Subquery(turns.values("takes_effect_on")[:1]),
            signed_on=Subquery(done.filter(action=Action.SIGNATURE).values("date")[:1]),
            consented_on=Subquery(consents.values("date")[:1]),
            joins_on=Subquery(pending.filter(action__in=CONSENTS).values("takes_effect_on")[:1]),
            leaves_on=Subquery(
                pending.filter(action=Action.WITHDRAWAL_NOTICE).values("takes_effect_on")[:1]
            ),
            declared_on=Subquery(done.filter(action=Action.DECLARATION).values("date")[:1]),
        ).annotate(
            status=Case(
                When(last_turn__in=CONSENTS, then=Value(Status.STATE_PARTY.value)),
                When(last_turn=Action.WITHDRAWAL_NOTICE, then=Value(Status.WITHDRAWN.value)),
                When(signed_on__isnull=False, then=Value(Status.SIGNATORY.value)),
                default=Value(Status.NON_PARTY.value),
                output_field=CharField(),
            ),
            since=Case(
                When(last_turn_on__isnull=False, then=F("last_turn_on")),
                default=F("signed_on"),
                output_field=DateField(),
            ),
        )

    def with_focus(self, year: int) -> Self:
        """Annotate `ask`, the Coalition's ask of the state in that year. None if the state is not in focus."""
        focus = FocusYear.objects.filter(country=OuterRef("pk"), year=year)
        return self.annotate(ask=Subquery(focus.values("ask")[:1]))

    def with_status(self, status: str) -> Self:
        return self.filter(status=status)

    def state_parties(self) -> Self:
        return self.with_status(Status.STATE_PARTY)

    def leaving(self) -> Self:
        """Keep parties whose notice of withdrawal has yet to take effect."""
        return self.state_parties().filter(leaves_on__isnull=False)

    def for_staff(self, day: date) -> Self:
        """Annotate what the list in the admin shows. Includes drafts. `unverified` is a number of facts."""
        actions = _to_be_verified(TreatyAction.objects.all())
        laws = _to_be_verified(ImplementingLaw.objects.all())
        standing = self.with_standing(day).with_focus(day.year)
        return standing.annotate(unverified=actions + laws).select_related("latest_revision")

    def counts(self) -> StatusCounts:
        """Count these countries by status. One query; works only after `as_of`."""
        return StatusCounts.count(self.order_by().values_list("region", "status", "leaves_on"))

    def with_record(self) -> Self:
        """Prefetch treaty actions, laws and focus years, in three more queries."""
        return self.prefetch_related("treaty_actions", "laws", "focus_years")


def _letters(language: str) -> Func:
    return Func(
        Func(Lower(f"name_{language}"), function="unaccent"),
        Value("أإآٱ"),
        Value("اااا"),
        function="translate",
        output_field=CharField(),
    )


def _to_be_verified(entries: QuerySet[Any]) -> Coalesce:
    facts = entries.filter(country=OuterRef("pk"), certainty=Certainty.TO_BE_VERIFIED)
    number = facts.order_by().values("country").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


class Country(
    LiveVersionMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """A state as listed by the United Nations and the Assembly of States Parties, with its part of the record."""

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
        *(index.SearchField(f"name_{code}") for code in language_codes()),
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
        """Save the country with its actions and laws, and record public changes in the trail."""
        with transaction.atomic(), recorded(self):
            super().save(*args, **kwargs)

    def publish(self, revision: Revision, user: User | None = None, **kwargs: Any) -> None:
        """Publish a revision, and name the user in the trail of changes."""
        with recording(cause=Cause.EDIT, user=user):
            super().publish(revision, user=user, **kwargs)

    publish.alters_data = True  # type: ignore[attr-defined]

    def recorded_entries(self) -> Entries:
        """Return the public entries of the country. Empty while it is only a draft."""
        if self.pk is None or not Country.objects.filter(pk=self.pk, live=True).exists():
            return {}
        rows = [
            *Country.objects.filter(pk=self.pk),
            *TreatyAction.objects.filter(country=self.pk).order_by("pk"),
            *ImplementingLaw.objects.filter(country=self.pk).order_by("pk"),
            *FocusYear.objects.filter(country=self.pk).order_by("pk"),
        ]
        return {key_of(row): recorded_values(row) for row in rows}
