"""Whether mail is held, what waits, and how a person lets it go."""

import logging
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.dispatch import Signal
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.log_actions import log

from core.models import DatabaseIdentity, User

from .queues import MAIL_QUEUES

logger = logging.getLogger(__name__)

RELEASE = "core.release_mail"
# Sent within the transaction that lets mail go. Apps stop what must not go on by itself.
mail_released = Signal()


def is_held() -> bool:
    """Whether this database was restored from a dump and no person has said that it may send mail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_mail_is_held()")
        return bool(cursor.fetchone()[0])


def record_identity(**_signal: Any) -> None:
    """Remember which database this is, unless that is known. After each migration, for there is a dump to come."""
    # Migrated back to before there was a table.
    if DatabaseIdentity._meta.db_table in connection.introspection.table_names():
        is_held()


def waiting_jobs() -> dict[str, int]:
    """Count the jobs of mail that wait, by the name of their task."""
    waiting = ProcrastinateJob.objects.filter(status="todo", queue_name__in=MAIL_QUEUES)
    counted = waiting.values_list("task_name").annotate(number=Count("pk")).order_by("task_name")
    return dict(counted)


@transaction.atomic
def release(*, user: User) -> bool:
    """Let this database send mail, as `user` answers for it. Tells whether mail was held."""
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
