"""The key facts of regions: figures published by the secretariat or counted from the record."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from core.days import today
from core.page_cache.memory import recall
from record.choices import Status
from record.models import Country
from record.status import StatusCounts
from regions.choices import KeyFactKind

COUNTED_KIND = _("Only ICC member states can be counted from the record.")


class KeyFact(TranslatableMixin, Orderable):
    """A figure about a region as published by the secretariat. States Parties can also be counted from the record."""

    page = ParentalKey("regions.RegionPage", on_delete=models.CASCADE, related_name="key_facts")
    kind = models.CharField(_("kind"), max_length=24, choices=KeyFactKind)
    label = models.CharField(
        _("label"),
        max_length=120,
        blank=True,
        help_text=_("Only needed for the kind “other”: the other kinds have labels of their own."),
    )
    value = models.PositiveIntegerField(
        _("value"), help_text=_("The figure that the secretariat last published.")
    )
    counted = models.BooleanField(
        _("count from the record"),
        default=False,
        help_text=_(
            "For ICC member states: visitors see the record's count on the day of their visit, with the value above "
            "beside it as the last published figure."
        ),
    )
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("The date to which the figure refers.")
    )

    panels = [
        FieldPanel("kind"),
        FieldPanel("label"),
        FieldPanel("value"),
        FieldPanel("counted"),
        FieldPanel("source"),
        FieldPanel("as_of"),
    ]
    citation_field = "source"  # See `translations.sharing`.
    override_translatable_fields = [
        SynchronizedField(name, overridable=False) for name in ("kind", "value", "counted", "as_of")
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("key fact")
        constraints = [
            models.UniqueConstraint(
                fields=("page", "kind"),
                condition=~models.Q(kind=KeyFactKind.OTHER),
                name="unique_key_fact_kind",
                violation_error_message=_("The region already has a key fact of this kind."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=KeyFactKind.OTHER) | ~models.Q(label=""),
                name="other_key_fact_has_label",
                violation_error_message=_("A key fact of the kind “other” needs a label."),
            ),
            models.CheckConstraint(
                condition=models.Q(counted=False) | models.Q(kind=KeyFactKind.ICC_MEMBER_STATES),
                name="counted_key_fact_is_member_states",
                violation_error_message=COUNTED_KIND,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.subject}"

    @property
    def subject(self) -> str:
        """The subject of the figure, in the reader's language."""
        return self.label or str(KeyFactKind(self.kind).label)

    @property
    def figure(self) -> int:
        """The figure to show: as the record counts it today, or as published."""
        return self.value if self.recorded is None else self.recorded

    @cached_property
    def recorded(self) -> int | None:
        """The count of the record today, or None if the fact is not counted or the region has no record."""
        return self.count(standings_of(today())) if self.counted else None

    def count(self, standings: StatusCounts) -> int | None:
        """Return the number of States Parties in the region, or None while the record has no country of it."""
        region = self.page.region
        if region not in standings.by_region:
            return None
        return standings.of(Status.STATE_PARTY, region)

    @property
    def citation(self) -> str:
        """The source, and the day to which the figure refers."""
        if self.recorded is None:
            return self._published_citation
        return gettext(
            "counted from our record on %(day)s. Last published figure: %(value)s (%(source)s)"
        ) % {
            "day": date_format(today()),
            "value": self.value,
            "source": self._published_citation,
        }

    @property
    def _published_citation(self) -> str:
        if self.as_of is None:
            return self.source
        return gettext("%(source)s, %(day)s") % {
            "source": self.source,
            "day": date_format(self.as_of),
        }

    def clean(self) -> None:
        super().clean()
        if self.kind == KeyFactKind.OTHER and not self.label:
            raise ValidationError({"label": _("A key fact of the kind “other” needs a label.")})
        if self.counted and self.kind != KeyFactKind.ICC_MEMBER_STATES:
            raise ValidationError({"counted": COUNTED_KIND})


def standings_of(day: date) -> StatusCounts:
    """Return the numbers of states by status on a day, which a worker remembers for all regions and cards."""
    return recall(("standings", day), lambda: Country.objects.as_of(day).counts())
