"""Jobs that wait in the queue once at most."""

from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued


def defer_once(job: Any, **arguments: Any) -> bool:
    """Defer a job that is configured with a `queueing_lock`, unless one waits. Tells whether it did.

    The refusal is an error of the database, and spoils no transaction of the caller.
    """
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
