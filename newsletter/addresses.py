"""What stands for an address in the ledger and in limits."""

from coalition_site.core.email_addresses import normalise_email
from coalition_site.core.keyed_hashes import keyed_hash, keyed_hashes

__all__ = ["address_key", "address_keys", "normalise_email", "older_spelling"]


def address_key(email: str) -> str:
    """Return the keyed hash of a normalised address, as new rows of the ledger and the suppression list keep it."""
    return keyed_hash(email, purpose="address")


def address_keys(email: str) -> list[str]:
    """Return the hashes under which rows of any age keep a normalised address: one for each key in the settings."""
    return keyed_hashes(email, purpose="address")


def older_spelling(address: str) -> str | None:
    """The spelling under which an address that is refused today may have been taken before; None where none can.

    For lookups only, so that nobody is kept from leaving.
    """
    spelling = address.strip().lower()
    return spelling if "@" in spelling and spelling.isprintable() else None
