"""The apps that hold personal data, and requests of people about theirs, with a log of these requests.

Regulation (EU) 2016/679, art. 15, 17 and 20.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.keyed_hashes import keyed_hash, keyed_hashes
from core.models import PersonRequest, User
from core.models.person_requests import RequestKind

# One stored item: its values by the names of its fields, of types that `DjangoJSONEncoder` takes.
Entry = dict[str, Any]


@dataclass(frozen=True)
class PersonalData:
    """The personal data of one app.

    `sections` holds a title for each kind of entry. `find` takes a normalised address and returns the entries of each
    section. `erase` takes one too, and returns how many entries it deleted or removed the address from.
    """

    sections: Mapping[str, str | Promise]
    find: Callable[[str], Mapping[str, list[Entry]]]
    erase: Callable[[str], int]


_registered: dict[str, PersonalData] = {}


def register(app_label: str, personal_data: PersonalData) -> None:
    """Register the personal data of an app. Called once, when the app is ready."""
    _registered[app_label] = personal_data


def registered() -> list[PersonalData]:
    """Return the personal data of all apps in the order in which they were registered."""
    return list(_registered.values())


def find_person(email: str) -> dict[str, list[Entry]]:
    """Return all entries about the person with a normalised address by section, empty sections included."""
    found: dict[str, list[Entry]] = {}
    for personal_data in registered():
        entries = personal_data.find(email)
        found |= {section: entries.get(section, []) for section in personal_data.sections}
    return found


def section_names() -> dict[str, str | Promise]:
    """Return the title of each section."""
    return {
        section: name
        for personal_data in registered()
        for section, name in personal_data.sections.items()
    }


logger = logging.getLogger(__name__)

PURPOSE = "person"


@transaction.atomic
def export_person(*, email: str, reason: str, user: User | None) -> dict[str, list[Entry]]:
    """Return all entries about a person by section, fit for JSON, and log the reason.

    `email` is normalised. Regulation (EU) 2016/679, art. 15 and 20.
    """
    record_request(kind=RequestKind.EXPORT, email=email, reason=reason, user=user)
    return find_person(email)


@transaction.atomic
def erase_person(*, email: str, reason: str, user: User | None) -> int:
    """Erase a person in every app and log the reason. Return how many entries were deleted or lost the address.

    `email` is normalised. Regulation (EU) 2016/679, art. 17.
    """
    record_request(kind=RequestKind.ERASURE, email=email, reason=reason, user=user)
    count = sum(personal_data.erase(email) for personal_data in registered())
    logger.info("person.erased", extra={"count": count})
    return count


def record_request(*, kind: RequestKind, email: str, reason: str, user: User | None) -> None:
    """Log an action at the request of the person with a normalised address."""
    PersonRequest.objects.create(
        kind=kind, person_key=keyed_hash(email, purpose=PURPOSE), reason=reason, made_by=user
    )


def _find(email: str) -> dict[str, list[Entry]]:
    requests = PersonRequest.objects.filter(person_key__in=keyed_hashes(email, purpose=PURPOSE))
    entries = requests.values("kind", "reason", "happened_at")
    return {"requests": [dict(entry) for entry in entries]}


# The log proves that requests were answered: it holds no address and is never erased.
register("core", PersonalData({"requests": _("Requests")}, _find, lambda _email: 0))
