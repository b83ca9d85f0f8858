"""The secrets of second factors as they lie in the database: of authenticator apps, and of recovery codes."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from core import encryption

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)  # Keys leave no secret here.
NAMES = ("secret", "seed", "migrated_codes")


@transaction.atomic
def encrypt_all() -> int:
    """Bring every secret under the present key, and return how many factors changed.

    What is under it already stays, so it may run at any time. Raises UnreadableError.
    """
    changed = 0
    for authenticator in Authenticator.objects.select_for_update().filter(type__in=KINDS):
        data = dict(authenticator.data)
        for name in NAMES:
            value = data.get(name)
            if isinstance(value, str):
                data[name] = _under_present_key(value)
            elif value:
                data[name] = [_under_present_key(each) for each in value]
        if data != authenticator.data:
            authenticator.data = data
            authenticator.save(update_fields=["data"])
            changed += 1
    return changed


def stored() -> Iterator[str]:
    """Give every secret as it is stored."""
    for data in Authenticator.objects.filter(type__in=KINDS).values_list("data", flat=True):
        for name in NAMES:
            value = data.get(name, [])
            yield from [value] if isinstance(value, str) else value


def _under_present_key(value: str) -> str:
    if not encryption.is_encrypted(value):
        return encryption.encrypt(value)
    if encryption.is_under_present_key(value):
        return value
    return encryption.encrypt(encryption.decrypt(value))
