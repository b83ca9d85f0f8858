"""What people wrote to the Coalition: messages from the contact form and reports of errors."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition_site.core.personal_data.addresses import (
    containing,
    is_address,
    mentions,
    without_address,
)
from coalition_site.core.personal_data.registry import Entry, PersonalData, register

from .models import ContactMessage, ErrorReport

SECTIONS = {
    "contact_messages": _("Messages from the contact form"),
    "error_reports": _("Reports of errors"),
}


def find(email: str) -> dict[str, list[Entry]]:
    """Return the messages and reports of the person with the normalised address.

    Of what somebody else wrote that mentions the address, only say that it does: the rest is the other person's.
    """
    return {
        "contact_messages": [_message_entry(message, email) for message in _messages(email)],
        "error_reports": [_report_entry(report, email) for report in _reports(email)],
    }


def erase(email: str) -> int:
    """Delete the person's messages and take the address out of all others, and out of reports; return how many.

    A report stays without its sender, because what it says of the record is still to be dealt with.
    """
    count = 0
    for message in _messages(email, lock=True):
        count += 1
        if _is_sender(message, email):
            message.delete()
        else:
            message.form_data = _without(message.form_data, email)
            message.save(update_fields=["form_data"])
    for report in _reports(email, lock=True):
        count += 1
        if is_address(report.reply_address, email):
            report.reply_address = ""
        report.message = without_address(report.message, email)
        report.save(update_fields=["reply_address", "message"])
    return count


def _messages(email: str, *, lock: bool = False) -> Iterator[ContactMessage]:
    found = ContactMessage.objects.filter(containing("form_data", email)).order_by("pk")
    for message in found.select_for_update() if lock else found.select_related("page"):
        if any(mentions(text, email) for text in _texts(message.form_data)):
            yield message


def _reports(email: str, *, lock: bool = False) -> Iterator[ErrorReport]:
    candidates: Q = containing("reply_address", email) | containing("message", email)
    found = ErrorReport.objects.filter(candidates).order_by("pk")
    for report in found.select_for_update() if lock else found.select_related("country"):
        if is_address(report.reply_address, email) or mentions(report.message, email):
            yield report


def _message_entry(message: ContactMessage, email: str) -> Entry:
    entry: Entry = {"form": message.page.title, "sent_at": message.submit_time}
    if not _is_sender(message, email):
        return {**entry, "mentions_the_address": True}
    return {**entry, "answers": message.form_data}


def _report_entry(report: ErrorReport, email: str) -> Entry:
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


def _is_sender(message: ContactMessage, email: str) -> bool:
    """Tell whether one of the answers is the address itself."""
    return any(is_address(text, email) for text in _texts(message.form_data))


def _texts(answers: Any) -> Iterator[str]:
    """Yield every text in the answers to a form."""
    if isinstance(answers, str):
        yield answers
    elif isinstance(answers, list):
        for answer in answers:
            yield from _texts(answer)
    elif isinstance(answers, dict):
        for answer in answers.values():
            yield from _texts(answer)


def _without(answers: Any, email: str) -> Any:
    """Return the answers with the address taken out of every text."""
    if isinstance(answers, str):
        return without_address(answers, email)
    if isinstance(answers, list):
        return [_without(answer, email) for answer in answers]
    if isinstance(answers, dict):
        return {name: _without(answer, email) for name, answer in answers.items()}
    return answers


register("home", PersonalData(SECTIONS, find, erase))
