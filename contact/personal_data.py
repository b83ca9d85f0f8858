"""Finds and erases a person in messages from contact forms."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.personal_data.addresses import containing, is_address, mentions, without_address
from core.personal_data.registry import Entry, PersonalData, register

from .models import ContactMessage

SECTIONS = {"contact_messages": _("Messages from the contact form")}


def find(email: str) -> dict[str, list[Entry]]:
    """Return the messages of the person with the normalised address.

    If another person's message mentions the address, only that fact is reported: the rest belongs to that person.
    """
    return {"contact_messages": [_entry(message, email) for message in _messages(email)]}


def erase(email: str) -> int:
    """Delete the person's messages and remove the address from all others. Return the number of messages."""
    count = 0
    for message in _messages(email, lock=True):
        count += 1
        if _is_sender(message, email):
            message.delete()
        else:
            message.form_data = _without(message.form_data, email)
            message.save(update_fields=["form_data"])
    return count


def _messages(email: str, *, lock: bool = False) -> Iterator[ContactMessage]:
    found = ContactMessage.objects.filter(containing("form_data", email)).order_by("pk")
    for message in found.select_for_update() if lock else found.select_related("page"):
        if any(mentions(text, email) for text in _texts(message.form_data)):
            yield message


def _entry(message: ContactMessage, email: str) -> Entry:
    entry: Entry = {"form": message.page.title, "sent_at": message.submit_time}
    if not _is_sender(message, email):
        return {**entry, "mentions_the_address": True}
    return {**entry, "answers": message.form_data}


def _is_sender(message: ContactMessage, email: str) -> bool:
    """Return whether one of the answers is the address itself."""
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
    """Return the answers with the address removed from every text."""
    if isinstance(answers, str):
        return without_address(answers, email)
    if isinstance(answers, list):
        return [_without(answer, email) for answer in answers]
    if isinstance(answers, dict):
        return {name: _without(answer, email) for name, answer in answers.items()}
    return answers


register("contact", PersonalData(SECTIONS, find, erase))
