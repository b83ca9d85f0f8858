"""The apps that keep personal data. Regulation (EU) 2016/679, art. 15 and 17."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

# One thing that is kept, by the names of its fields. Its values are what `DjangoJSONEncoder` takes.
Entry = dict[str, Any]


@dataclass(frozen=True)
class PersonalData:
    """What one app keeps of people.

    `sections` names the kinds of entries in words. `find` takes a normalised address and returns the entries of each
    section. `erase` takes one too, and returns how many entries it deleted or freed from the address.
    """

    sections: Mapping[str, str | Promise]
    find: Callable[[str], Mapping[str, list[Entry]]]
    erase: Callable[[str], int]


_registered: dict[str, PersonalData] = {}


def register(app_label: str, personal_data: PersonalData) -> None:
    """Add what an app keeps of people, once, when the app is ready."""
    _registered[app_label] = personal_data


def registered() -> list[PersonalData]:
    """Return what all apps keep of people, in the order in which they were registered."""
    return list(_registered.values())


def find_person(email: str) -> dict[str, list[Entry]]:
    """Return everything that is kept of the person with a normalised address, by section; empty ones included."""
    found: dict[str, list[Entry]] = {}
    for personal_data in registered():
        entries = personal_data.find(email)
        found |= {section: entries.get(section, []) for section in personal_data.sections}
    return found


def section_names() -> dict[str, str | Promise]:
    """Return what each section is called."""
    return {
        section: name
        for personal_data in registered()
        for section, name in personal_data.sections.items()
    }
