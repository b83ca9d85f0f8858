"""E-mail addresses: one spelling for each, and the hash that stands for one."""

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from coalition_site.core.keyed_hashes import keyed_hash, keyed_hashes

MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets.
MAX_LOCAL_LENGTH = 64  # RFC 5321, 4.5.3.1.1.

INVALID = _("Enter an e-mail address such as name@example.org.")

_validate = EmailValidator(message=INVALID, allowlist=[])


def normalise_email(address: str) -> str:
    """The address in lower case, its domain in ASCII. Raises ValidationError where it is none.

    Quoted local parts (`"a b"@example.org`) and addresses of machines (`a@[192.0.2.1]`) are legal and turned away:
    nobody reads news there, and they are what header injection is tried with.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValidationError(INVALID, code="invalid") from None
    normalised = f"{local}@{domain}".lower()
    if (
        local.startswith('"')
        or domain.startswith("[")
        or len(local) > MAX_LOCAL_LENGTH
        or len(normalised) > MAX_LENGTH
    ):
        raise ValidationError(INVALID, code="invalid")
    _validate(normalised)
    return normalised


def address_key(email: str) -> str:
    """Return the keyed hash of a normalised address, as new rows of the ledger and the suppression list keep it."""
    return keyed_hash(email, purpose="address")


def address_keys(email: str) -> list[str]:
    """Return the hashes under which rows of any age keep a normalised address: one for each key in the settings."""
    return keyed_hashes(email, purpose="address")
