"""The secrets of second factors as they lie in the database: of authenticator apps, and of recovery codes."""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from core import encryption

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)  # Keys leave no secret here.
NAMES = ("secret", "seed", "migrated_codes")


def encrypt_all(model: Any = Authenticator) -> int:
    """Bring every secret under the present key, and give how many factors changed.

    What is under it already stays, so it may run at any time. Raises UnreadableError. `model` is that of a migration.
    """
    return _change_all(model, _under_present_key)


def decrypt_all(model: Any) -> int:
    """Store every secret in clear, as releases before encryption read them. For migrating back."""
    return _change_all(model, _in_clear)


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


def _in_clear(value: str) -> str:
    return encryption.decrypt(value) if encryption.is_encrypted(value) else value


@transaction.atomic
def _change_all(model: Any, change: Callable[[str], str]) -> int:
    changed = 0
    for authenticator in model.objects.select_for_update().filter(type__in=KINDS):
        data = dict(authenticator.data)
        for name in NAMES:
            value = data.get(name)
            if isinstance(value, str):
                data[name] = change(value)
            elif value:
                data[name] = [change(each) for each in value]
        if data != authenticator.data:
            authenticator.data = data
            authenticator.save(update_fields=["data"])
            changed += 1
    return changed
