"""What stands for an address in the ledger and in limits."""

from django.core.exceptions import ValidationError

from core.email_addresses import normalise_email
from core.keyed_hashes import keyed_hash, keyed_hashes

__all__ = [
    "address_key",
    "address_keys",
    "mailbox_of",
    "normalise_email",
    "older_spelling",
    "spelling_to_find",
]


def address_key(email: str) -> str:
    """Return the keyed hash of a normalised address, as new rows of the ledger and the suppression list keep it."""
    return keyed_hash(email, purpose="address")


def address_keys(email: str) -> list[str]:
    """Return the hashes under which rows of any age keep a normalised address: one for each key in the settings."""
    return keyed_hashes(email, purpose="address")


def spelling_to_find(address: str) -> str:
    """Return the spelling under which the address would be kept. Raise ValidationError where nothing can be kept."""
    try:
        return normalise_email(address)
    except ValidationError:
        older = older_spelling(address)
        if older is None:
            raise
        return older


# Where dots in the part before the @ make no difference, and the domain by which each provider is counted.
_IGNORING_DOTS = {
    "gmail.com": "gmail.com",
    "googlemail.com": "gmail.com",
    "proton.me": "proton.me",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}


def mailbox_of(email: str) -> str:
    """A normalised address without what does not tell mailboxes apart: its `+tag`, and dots where they are ignored.

    For counting only: mail always goes to the address as it was typed.
    """
    local, _at, domain = email.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _IGNORING_DOTS:
        local, domain = local.replace(".", ""), _IGNORING_DOTS[domain]
    return f"{local}@{domain}"


def older_spelling(address: str) -> str | None:
    """The spelling under which an address that is refused today may have been taken before; None where none can.

    For lookups only, so that nobody is kept from leaving.
    """
    spelling = address.strip().lower()
    return spelling if "@" in spelling and spelling.isprintable() else None
