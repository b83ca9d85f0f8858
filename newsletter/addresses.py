"""Forms of an e-mail address: normalised, hashed for the ledger, and reduced to its mailbox for limits."""

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
    """Return the keyed hash of a normalised address, for new consent records and suppressions."""
    return keyed_hash(email, purpose="address")


def address_keys(email: str) -> list[str]:
    """Return the hashes of a normalised address in rows of any age, one for each key in the settings."""
    return keyed_hashes(email, purpose="address")


def spelling_to_find(address: str) -> str:
    """Return the spelling under which the address would be stored. Raises ValidationError if it cannot be stored."""
    try:
        return normalise_email(address)
    except ValidationError:
        older = older_spelling(address)
        if older is None:
            raise
        return older


# Domains of providers that ignore dots before the @, and the domain under which each is counted.
_IGNORING_DOTS = {
    "gmail.com": "gmail.com",
    "googlemail.com": "gmail.com",
    "proton.me": "proton.me",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}


def mailbox_of(email: str) -> str:
    """Strip a normalised address of parts that do not change the mailbox: its `+tag`, and dots that are ignored.

    For counting only: mail always goes to the full address.
    """
    local, _at, domain = email.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _IGNORING_DOTS:
        local, domain = local.replace(".", ""), _IGNORING_DOTS[domain]
    return f"{local}@{domain}"


def older_spelling(address: str) -> str | None:
    """Return the spelling in which earlier rules may have stored an address refused today; None if they refused it.

    For lookups only, so that everybody can unsubscribe.
    """
    spelling = address.strip().lower()
    return spelling if "@" in spelling and spelling.isprintable() else None
