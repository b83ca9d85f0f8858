"""Encrypts the secrets of second factors anew after a change of ENCRYPTION_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.encryption import UnreadableError
from core.sign_in.second_factors import encrypt_all


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of authenticator apps and recovery codes with the current ENCRYPTION_KEY. Afterwards "
        "ENCRYPTION_KEY_FALLBACKS may be emptied. Secrets under the current key stay as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = encrypt_all()
        except UnreadableError:
            raise CommandError(
                "Nothing was changed: a secret was encrypted with a key that is neither ENCRYPTION_KEY nor in "
                "ENCRYPTION_KEY_FALLBACKS."
            ) from None
        self.stdout.write(f"{changed} second factors encrypted.")
