"""The database and server in which the site's data were written."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DatabaseIdentity(models.Model):
    """A single row. If it differs from the database that holds it, the data were restored from a dump.

    `system_identifier` is that of the server (empty without permission to read it), and `table_oid` that of this table,
    which changes with a restore. The SQL function `core_mail_is_held` writes and compares the row.
    """

    system_identifier = models.CharField(_("server"), max_length=20, blank=True)
    database_oid = models.BigIntegerField(_("database"))
    table_oid = models.BigIntegerField(_("table"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("identity of the database")
        verbose_name_plural = _("identity of the database")
        default_permissions = ()
        permissions = [("release_mail", "Can let a restored site send mail")]
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_database_identity")
        ]

    def __str__(self) -> str:
        return f"{self.system_identifier or '?'}/{self.database_oid}"
