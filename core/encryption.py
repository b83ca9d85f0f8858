"""Secrets that the database holds encrypted only, so that nobody reads them in a dump of it.

Tokens of Fernet (AES in CBC mode with HMAC-SHA256) under `ENCRYPTION_KEY`. What was encrypted under one of
`ENCRYPTION_KEY_FALLBACKS` is still read.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

START_OF_TOKENS = "gAAAA"  # Their first bytes: the version, and a time before the year 2106.


class UnreadableError(Exception):
    """It was encrypted with a key that is not in the settings, or is damaged."""


def encrypt(text: str) -> str:
    """Give the token of a text, under the present key."""
    return Fernet(settings.ENCRYPTION_KEY).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Give the text of a token. Raises UnreadableError."""
    keys = [settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEY_FALLBACKS]
    try:
        return MultiFernet([Fernet(key) for key in keys]).decrypt(token).decode()
    except InvalidToken:
        raise UnreadableError from None


def is_encrypted(text: str) -> bool:
    """Tell a token, under whichever key, from a text that was stored in clear."""
    return text.startswith(START_OF_TOKENS)


def is_under_current_key(token: str) -> bool:
    """Tell whether a token outlives the fallbacks."""
    try:
        Fernet(settings.ENCRYPTION_KEY).decrypt(token)
    except InvalidToken:
        return False
    return True
