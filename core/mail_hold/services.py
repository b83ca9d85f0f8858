"""Finds out whether mail is on hold, counts the waiting jobs, and releases them."""

import logging
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.dispatch import Signal
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.log_actions import log

from core.jobs import MAIL_QUEUES
from core.models import DatabaseIdentity, User

logger = logging.getLogger(__name__)

RELEASE = "core.release_mail"
# Sent within the transaction that releases mail, so that apps can stop what must not resume by itself.
mail_released = Signal()


def is_held() -> bool:
    """Return whether this database was restored from a dump and no user has released its mail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_mail_is_held()")
        return bool(cursor.fetchone()[0])


def record_identity(**_signal: Any) -> None:
    """Record the identity of this database unless it is known. Runs after each migration, before any dump is made."""
    # There is no table when migrations were reversed.
    if DatabaseIdentity._meta.db_table in connection.introspection.table_names():
        is_held()


def waiting_jobs() -> dict[str, int]:
    """Count the waiting jobs of mail by the name of their task."""
    waiting = ProcrastinateJob.objects.filter(status="todo", queue_name__in=MAIL_QUEUES)
    counted = waiting.values_list("task_name").annotate(number=Count("pk")).order_by("task_name")
    return dict(counted)


@transaction.atomic
def release(*, user: User) -> bool:
    """Let this database send mail, on the responsibility of `user`. Return whether mail was held."""
    identity = DatabaseIdentity.objects.select_for_update().first()
    if identity is None or not is_held():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, database_oid, table_oid FROM core_database_identity()"
        )
        identity.system_identifier, identity.database_oid, identity.table_oid = cursor.fetchone()
    identity.recorded_at = timezone.now()
    identity.save()
    mail_released.send(DatabaseIdentity)
    log(instance=identity, action=RELEASE, user=user)
    logger.warning("mail.released", extra={"user": user.pk})
    return True
