"""The yearly report: text by staff, and the record of a day, frozen.

The database refuses any change to frozen rows: see the migration `frozen_reports`.
"""

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, TranslatableMixin

from core.blocks import BodyBlock
from core.days import today
from record.treaties import FIRST_DAY


class YearlyReportQuerySet(QuerySet[Any]):
    """Yearly reports."""

    def public(self) -> Self:
        """Keep reports that are frozen and published."""
        return self.filter(live=True, frozen__isnull=False)

    def in_language(self, language: str) -> Self:
        """Sort by year, and within a year the report in the language first, then the English one, then others."""
        return self.alias(
            nearness=Case(
                When(locale__language_code=language, then=Value(0)),
                When(locale__language_code=settings.LANGUAGE_CODE, then=Value(1)),
                default=Value(2),
            )
        ).order_by("-year", "nearness", "pk")

    def for_readers(self, language: str) -> Self:
        """Keep one public report a year, in the language or else in the next best, latest year first."""
        years = self.public().in_language(language).select_related("locale")
        return years.order_by("-year", "nearness", "pk").distinct("year")

    def with_errata(self) -> Self:
        """Load the frozen record, and annotate its number of errata as `errata_count`."""
        return self.select_related("frozen", "locale").annotate(
            errata_count=Count("frozen__errata")
        )


class FrozenRecord(models.Model):
    """The record of the day of a year's report. Rows are only ever added.

    `tracker/reports/data.py` has the type of `data`.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    day = models.DateField(_("day"))
    data = models.JSONField(_("data"), encoder=DjangoJSONEncoder)
    frozen_at = models.DateTimeField(_("frozen at"), auto_now_add=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("frozen by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("frozen record")
        verbose_name_plural = _("frozen records")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day__gte=FIRST_DAY) & Q(year=ExtractYear("day")),
                name="frozen_record_is_of_a_day_of_its_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class YearlyReport(TranslatableMixin, DraftStateMixin, RevisionMixin, PreviewableMixin):
    """The report of a year in one language: a draft until it is frozen, and public from then on."""

    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1998)])
    day = models.DateField(
        _("day"),
        default=today,
        help_text=_("The report shows the status of states on this day of its year."),
    )
    title = models.CharField(_("title"), max_length=150)
    introduction = RichTextField(_("introduction"), features=["bold", "italic", "link"], blank=True)
    body = StreamField(
        BodyBlock(),
        verbose_name=_("body"),
        blank=True,
        help_text=_("Shown after the introduction, before the tables and charts."),
    )
    frozen = models.ForeignKey(
        FrozenRecord,
        verbose_name=_("frozen record"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="reports",
    )

    # Wagtail's default is True.
    live = models.BooleanField(_("live"), default=False, editable=False)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="yearly_report")

    objects = YearlyReportQuerySet.as_manager()

    # A translation is a draft even if its original is frozen.
    default_exclude_fields_in_copy = ["frozen", "latest_revision", "live", "live_revision"]

    panels = [
        FieldRowPanel([FieldPanel("year"), FieldPanel("day")]),
        FieldPanel("title"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = False
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ["-year", "locale"]
        permissions = [("freeze_yearlyreport", _("Can freeze and publish a yearly report"))]
        constraints = [
            models.UniqueConstraint(
                fields=("year", "locale"),
                name="unique_yearly_report",
                violation_error_message=_(
                    "There is already a report for this year in this language."
                ),
            ),
            models.CheckConstraint(
                condition=Q(day__gte=FIRST_DAY) & Q(year=ExtractYear("day")),
                name="yearly_report_is_of_a_day_of_its_year",
                violation_error_message=_("The date is not in the report’s year."),
            ),
            # A report published other than by `freeze` would show a record that still changes.
            models.CheckConstraint(
                condition=Q(live=False) | Q(frozen__isnull=False),
                name="live_yearly_report_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def clean(self) -> None:
        super().clean()
        if self.day and self.year and self.day.year != self.year:
            raise ValidationError({"day": _("The date is not in the report’s year.")})

    @property
    def record(self) -> FrozenRecord:
        """The frozen record. Raises `FrozenRecord.DoesNotExist` if the report is not frozen."""
        if self.frozen is None:
            raise FrozenRecord.DoesNotExist
        return self.frozen

    @property
    def full_url(self) -> str:
        """The public address, with scheme and host, once the report is frozen."""
        return f"{settings.SITE_URL}{self.path_in(self.locale.language_code)}"

    def path_in(self, language: str) -> str:
        """Return the address of the report of the year in a language."""
        with translation.override(language):
            return reverse("tracker_report", args=[self.year])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        # A tag in the template computes the contents, which models must not import.
        return "tracker/report/preview.html"


class Erratum(models.Model):
    """A correction of a frozen report, shown above it in every language. Rows are only ever added."""

    record = models.ForeignKey(
        FrozenRecord, verbose_name=_("report"), on_delete=models.PROTECT, related_name="errata"
    )
    day = models.DateField(_("day"), default=today)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    text = models.TextField(_("text"), help_text=_("What is wrong, what is right, and the source."))
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("record"),
        FieldRowPanel([FieldPanel("day"), FieldPanel("language")]),
        FieldPanel("text"),
    ]

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="erratum_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.day:%Y-%m-%d}"


class ReportFile(models.Model):
    """The PDF of a frozen report in a language, with the errata known when it was made."""

    report = models.ForeignKey(YearlyReport, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    errata = models.PositiveSmallIntegerField(_("number of errata"))
    file = models.FileField(_("file"), upload_to="reports/")
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("size in bytes"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("report file")
        verbose_name_plural = _("report files")
        constraints = [
            models.UniqueConstraint(
                fields=("report", "language", "errata"), name="unique_report_file"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name of the downloaded file: `rome-statute-2026-en.pdf`."""
        errata = f"-errata-{self.errata}" if self.errata else ""
        return f"rome-statute-{self.report.year}-{self.language}{errata}.pdf"
