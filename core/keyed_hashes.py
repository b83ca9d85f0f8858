"""Hashes of addresses under secret keys.

Rows store the id of the key with each hash (`core.models.KeyedHashes`), so that `manage.py check --database` reports
keys that are missing from the settings.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

KEY_ID_LENGTH = 12


def keyed_hash(value: str, *, purpose: str) -> str:
    """Return the hash of `value` as 64 hexadecimal digits, which cannot be reversed without `HASH_KEY`.

    Without a key it could: all IPv4 addresses can be tried in seconds. Hashes of one value for two purposes cannot be
    matched. Accepts any text, even lone surrogates.
    """
    return _hash(value, purpose, settings.HASH_KEY)


def keyed_hashes(value: str, *, purpose: str) -> list[str]:
    """Return the hashes of `value` under the current key and each of `HASH_KEY_FALLBACKS`, to look rows up."""
    return [_hash(value, purpose, secret) for secret in hash_keys()]


def hash_keys() -> list[str]:
    """Return the current key and then the earlier ones."""
    return [settings.HASH_KEY, *settings.HASH_KEY_FALLBACKS]


def current_key_id() -> str:
    """Return the id of the key that `keyed_hash` uses."""
    return _key_id(settings.HASH_KEY)


def known_key_ids() -> list[str]:
    """Return the ids of all keys that `keyed_hashes` uses."""
    return [_key_id(secret) for secret in hash_keys()]


def _key_id(secret: str) -> str:
    """Derive the id from the key itself, so that no setting can name the wrong one."""
    return _hash("", "key id", secret)[:KEY_ID_LENGTH]


def _hash(value: str, purpose: str, secret: str) -> str:
    return salted_hmac(
        f"coalition_site.{purpose}",
        value.encode("utf-8", "surrogatepass"),
        secret=secret,
        algorithm="sha256",
    ).hexdigest()
