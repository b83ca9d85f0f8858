"""Hashes that stand for addresses, and the keys that made them.

Rows that keep such a hash keep the id of its key beside it (`core.models.KeyedHashes`), so that
`manage.py check --database` can tell when a key is missing from the settings.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

KEY_ID_LENGTH = 12


def keyed_hash(value: str, *, purpose: str) -> str:
    """Return 64 hexadecimal digits that stand for `value` and cannot be turned back without `HASH_KEY`.

    A hash without a key would be no secret: all addresses of IPv4 are tried in seconds. Hashes of one value for
    two purposes can't be matched. Takes any text, lone surrogates too.
    """
    return _hash(value, purpose, settings.HASH_KEY)


def keyed_hashes(value: str, *, purpose: str) -> list[str]:
    """Return the hash of `value` under the present key, then under each of `HASH_KEY_FALLBACKS`: to look rows up."""
    return [_hash(value, purpose, secret) for secret in hash_keys()]


def hash_keys() -> list[str]:
    """Return the present key and then the earlier ones."""
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
