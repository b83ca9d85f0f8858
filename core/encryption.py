"""Encryption of secrets in the database, so that nobody can read them in a dump.

Fernet tokens (AES in CBC mode with HMAC-SHA256) under `ENCRYPTION_KEY`. Tokens under one of `ENCRYPTION_KEY_FALLBACKS`
can still be decrypted.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

START_OF_TOKENS = "gAAAA"  # Version and time in base64; constant until the year 2106.


class UnreadableError(Exception):
    """The token was made with a key that is not in the settings, or is damaged."""


def encrypt(text: str) -> str:
    """Return the token of a text under the current key."""
    return Fernet(settings.ENCRYPTION_KEY).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of a token. Raises UnreadableError."""
    keys = [settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEY_FALLBACKS]
    try:
        return MultiFernet([Fernet(key) for key in keys]).decrypt(token).decode()
    except InvalidToken:
        raise UnreadableError from None


def is_encrypted(text: str) -> bool:
    """Return whether the text is a token, under any key, and not clear text."""
    return text.startswith(START_OF_TOKENS)


def is_under_current_key(token: str) -> bool:
    """Return whether the token can be decrypted without the fallbacks."""
    try:
        Fernet(settings.ENCRYPTION_KEY).decrypt(token)
    except InvalidToken:
        return False
    return True
