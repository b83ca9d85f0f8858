"""Finds and erases the data that the newsletter keeps of a person."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.imports.reading import decode, read_records
from core.personal_data.addresses import mentions
from core.personal_data.registry import Entry, PersonalData, register
from newsletter import services
from newsletter.models import SubscriberImport

from .people.imports.columns import MAX_BYTES

SECTIONS = {
    "subscriber": _("Subscription"),
    "sign_ups": _("Sign-ups waiting for confirmation"),
    "consent": _("Record of consent"),
    "suppressed": _("Suppressions"),
    "deliveries": _("Mails sent"),
    "mail_events": _("Events reported by the mail provider"),
    "waiting_lists": _("Lists of people waiting to be imported"),
}


def find(email: str) -> dict[str, list[Entry]]:
    """Return all data of the normalised address, by section."""
    person = services.export_person(email=email)
    for section in ("subscriber", "suppressed"):
        person[section] = [person[section]] if person[section] else []
    waiting = [
        {"file": waiting.file_name, "uploaded_at": waiting.uploaded_at, "rows": rows}
        for waiting, rows in _waiting_lists_with(email)
    ]
    return {**person, "waiting_lists": waiting}


def erase(email: str) -> int:
    """Erase the subscriber and the rows of waiting lists that mention the normalised address; return how many."""
    count = int(services.erase_person(email=email))
    for waiting, rows in _waiting_lists_with(email, lock=True):
        waiting.content = _without_rows(waiting, email)
        waiting.save(update_fields=["content"])
        count += len(rows)
    return count


def _waiting_lists_with(
    email: str, *, lock: bool = False
) -> Iterator[tuple[SubscriberImport, list[list[str]]]]:
    """Yield the waiting lists that mention the address, each with the matching rows."""
    lists = SubscriberImport.objects.filter(content__isnull=False).order_by("pk")
    for waiting in lists.select_for_update(of=("self",)) if lock else lists:
        rows = [row for row in _rows(waiting) if _row_mentions(row, email)]
        if rows:
            yield waiting, rows


def _without_rows(waiting: SubscriberImport, email: str) -> bytes | None:
    """Return the file without the rows that mention the address; None if only headings are left."""
    rows = [row for row in _rows(waiting) if not _row_mentions(row, email)]
    if len(rows) < 2:
        return None
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _rows(waiting: SubscriberImport) -> list[list[str]]:
    content = bytes(waiting.content or b"")
    return [row for _line, row in read_records(decode(content, max_bytes=MAX_BYTES))]


def _row_mentions(row: list[str], email: str) -> bool:
    return any(mentions(cell, email) for cell in row)


register("newsletter", PersonalData(SECTIONS, find, erase))
