"""Saved segments of subscribers, and imports of lists."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from campaigns.choices import Topic
from news.fields import ChoicesField
from newsletter.choices import ListKind
from record.choices import Region

from .subscribers import Audience


class AudienceFields(models.Model):
    """The criteria of an audience: languages, regions and topics. An empty list matches everybody."""

    languages = ChoicesField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Leave empty for all."),
    )
    regions = ChoicesField(
        models.CharField(max_length=40, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_(
            "Subscribers who chose one of these regions, or all. Leave empty for everybody."
        ),
    )
    topics = ChoicesField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_(
            "Subscribers who chose one of these topics, or all. Leave empty for everybody."
        ),
    )

    class Meta:
        abstract = True


class Segment(AudienceFields):
    """A saved audience. Its members are queried each time it is used."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    joined_from = models.DateField(_("signed up from"), null=True, blank=True)
    joined_until = models.DateField(_("signed up until"), null=True, blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("languages"),
        FieldPanel("regions"),
        FieldPanel("topics"),
        MultiFieldPanel(
            [FieldRowPanel(["joined_from", "joined_until"])], heading=_("Day of the sign-up")
        ),
    ]

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(joined_until__gte=F("joined_from"))
                | Q(joined_from__isnull=True)
                | Q(joined_until__isnull=True),
                name="segment_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=[code for code, _name in settings.LANGUAGES])
                & Q(regions__contained_by=Region.values)
                & Q(topics__contained_by=Topic.values),
                name="segment_is_of_what_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.joined_from and self.joined_until and self.joined_until < self.joined_from:
            raise ValidationError({"joined_until": _("This is before the first date.")})

    @property
    def audience(self) -> Audience:
        return Audience(
            languages=self.languages,
            regions=self.regions,
            topics=self.topics,
            joined_from=self.joined_from,
            joined_until=self.joined_until,
        )


class SubscriberImport(models.Model):
    """A list of people, waiting or imported. Its file is erased when it is applied, or after a day.

    The row stays as a record: the file name, the user, the source of consent, and counts by outcome.
    """

    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(_("contents"), null=True)
    language = models.CharField(
        _("default language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    kind = models.CharField(
        _("type of list"), max_length=12, choices=ListKind, default=ListKind.PEOPLE
    )
    consent_source = models.TextField(
        _("source of consent or refusal"),
        max_length=500,
        help_text=_(
            "Kept with each person as proof of consent, for example “Paper list, Assembly, December 2025”."
        ),
    )
    asks_to_confirm = models.BooleanField(_("send each person a confirmation e-mail"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    counts = models.JSONField(
        _("counts"), default=dict, help_text=_("The number of lines by outcome.")
    )

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        permissions = [("import_subscriber", "Can import subscribers from a file")]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(content__isnull=True),
                name="applied_import_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=~Q(consent_source=""), name="import_has_source_of_consent"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ListKind.values), name="import_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
                name="import_language_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
