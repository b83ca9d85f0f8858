"""Finds and erases a person in error reports."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.personal_data.addresses import containing, is_address, mentions, without_address
from core.personal_data.registry import Entry, PersonalData, register

from .models import ErrorReport

SECTIONS = {"error_reports": _("Reports of errors")}


def find(email: str) -> dict[str, list[Entry]]:
    """Return the reports of the person with the normalised address.

    If another person's report mentions the address, only that fact is reported: the rest belongs to that person.
    """
    return {"error_reports": [_entry(report, email) for report in _reports(email)]}


def erase(email: str) -> int:
    """Remove the person's address from all reports. Return the number of reports.

    The reports themselves stay, because the errors in the record are still to be dealt with.
    """
    count = 0
    for report in _reports(email, lock=True):
        count += 1
        if is_address(report.reply_address, email):
            report.reply_address = ""
        report.message = without_address(report.message, email)
        report.save(update_fields=["reply_address", "message"])
    return count


def _reports(email: str, *, lock: bool = False) -> Iterator[ErrorReport]:
    candidates: Q = containing("reply_address", email) | containing("message", email)
    found = ErrorReport.objects.filter(candidates).order_by("pk")
    for report in found.select_for_update() if lock else found.select_related("country"):
        if is_address(report.reply_address, email) or mentions(report.message, email):
            yield report


def _entry(report: ErrorReport, email: str) -> Entry:
    entry: Entry = {"country": report.country.name, "received_at": report.received_at}
    if not is_address(report.reply_address, email):
        return {**entry, "mentions_the_address": True}
    return {
        **entry,
        "part": report.part,
        "message": report.message,
        "reply_address": report.reply_address,
        "language": report.language,
    }


register("error_reports", PersonalData(SECTIONS, find, erase))
