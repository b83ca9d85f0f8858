"""What is done at a person's request, and the log of it."""

import logging

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.keyed_hashes import keyed_hash, keyed_hashes
from core.models import PersonRequest, User
from core.models.person_requests import RequestKind

from .registry import Entry, PersonalData, find_person, register, registered

logger = logging.getLogger(__name__)

PURPOSE = "person"


@transaction.atomic
def export_person(*, email: str, reason: str, user: User | None) -> dict[str, list[Entry]]:
    """Return everything that is kept of a person, by section, as JSON takes it, and log why.

    `email` is normalised. Regulation (EU) 2016/679, art. 15 and 20.
    """
    record_request(kind=RequestKind.EXPORT, email=email, reason=reason, user=user)
    return find_person(email)


@transaction.atomic
def erase_person(*, email: str, reason: str, user: User | None) -> int:
    """Erase a person in every app and log why; return how many entries were deleted or freed from the address.

    `email` is normalised. Regulation (EU) 2016/679, art. 17.
    """
    record_request(kind=RequestKind.ERASURE, email=email, reason=reason, user=user)
    count = sum(personal_data.erase(email) for personal_data in registered())
    logger.info("person.erased", extra={"count": count})
    return count


def record_request(*, kind: RequestKind, email: str, reason: str, user: User | None) -> None:
    """Log that something is done at the request of the person with a normalised address."""
    PersonRequest.objects.create(
        kind=kind, person_key=keyed_hash(email, purpose=PURPOSE), reason=reason, made_by=user
    )


def _find(email: str) -> dict[str, list[Entry]]:
    requests = PersonRequest.objects.filter(person_key__in=keyed_hashes(email, purpose=PURPOSE))
    entries = requests.values("kind", "reason", "happened_at")
    return {"requests": [dict(entry) for entry in entries]}


# The log proves that requests were answered: nothing of it is erased, and it holds no address.
register("core", PersonalData({"requests": _("Requests")}, _find, lambda _email: 0))
