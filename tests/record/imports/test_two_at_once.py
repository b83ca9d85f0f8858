"""An import and another writer: the import waits, and never writes differences that were not shown."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from core.imports.problems import ImportOutdatedError
from record.imports import apply_import, plan_import
from record.models import Country

from .files import table
from .test_import import TODAY

CONTENT = table({"iso3": "KEN", "notes": "From the file"})
SECONDS = 20


def waits_for_the_record() -> bool:
    """Return whether another connection waits for the lock of the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.usefixtures("transactional_db")
def test_an_edit_that_comes_first_is_not_overwritten() -> None:
    stamp = plan_import(content=CONTENT, today=TODAY).stamp
    outcome: list[str] = []

    def importing() -> None:
        try:
            apply_import(content=CONTENT, name="x.csv", today=TODAY, stamp=stamp)
            outcome.append("applied")
        except ImportOutdatedError:
            outcome.append("moved on")
        finally:
            connections.close_all()

    thread = threading.Thread(target=importing)
    with transaction.atomic():
        kenya = Country.objects.get(iso3="KEN")
        kenya.note = "From an editor"
        kenya.save()
        thread.start()
        end = time.monotonic() + SECONDS
        while not waits_for_the_record() and time.monotonic() < end:
            time.sleep(0.05)
        assert waits_for_the_record()
        assert not outcome
    thread.join(SECONDS)
    assert outcome == ["moved on"]
    assert Country.objects.get(iso3="KEN").note == "From an editor"
