"""The log of requests of people about their data, and the base of models with keyed hashes of addresses."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.keyed_hashes import KEY_ID_LENGTH, current_key_id


class RequestKind(models.TextChoices):
    """The kinds of requests."""

    ENDING = "ending", _("Subscription ended")
    CORRECTION = "correction", _("Corrected")
    EXPORT = "export", _("Exported")
    ERASURE = "erasure", _("Erased")


class KeyedHashes(models.Model):
    """The base of models with hashes by `core.keyed_hashes`, which `manage.py check --database` examines."""

    hash_key_id = models.CharField(
        _("ID of the hash key"),
        max_length=KEY_ID_LENGTH,
        default=current_key_id,
        editable=False,
    )

    class Meta:
        abstract = True


class PersonRequest(KeyedHashes):
    """A request of a person that was carried out, by whom and why. It holds the address only as a keyed hash.

    The database refuses to change or delete rows, except to clear `made_by` when that account is deleted.
    """

    kind = models.CharField(_("what"), max_length=12, choices=RequestKind)
    person_key = models.CharField(_("address hash"), max_length=64)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-happened_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RequestKind.values), name="person_request_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="person_request_has_reason"),
        ]
        indexes = [models.Index(fields=("person_key",), name="person_requests_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_at:%Y-%m-%d}"
