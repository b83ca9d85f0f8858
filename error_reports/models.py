"""Reports by readers of errors in the record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """The part of a country's page that is wrong."""

    STATUS = "status", _("Status and its dates")
    LAWS = "laws", _("Its laws")
    TREATIES = "treaties", _("Amendments and other treaties")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    """The state of a report: open until staff have dealt with it."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class ErrorReport(models.Model):
    """A report to the team of the country's region. The reply address is erased after a year."""

    country = models.ForeignKey(
        "record.Country",
        verbose_name=_("country"),
        on_delete=models.CASCADE,
        related_name="error_reports",
    )
    part = models.CharField(_("what is wrong"), max_length=16, choices=Part)
    message = models.TextField(_("message"))
    reply_address = models.EmailField(_("reply address"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)

    # A report is not a use of the country that Wagtail should list.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "change", "delete")
        indexes = [models.Index(fields=("received_at",), name="error_reports_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=Part.values) & Q(state__in=State.values),
                name="error_report_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_part_display()}"
