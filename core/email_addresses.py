"""Normalises e-mail addresses that people type, by the rules of IDNA 2008.

Python's codec `idna`, and therefore Django, follows the rules of 2003: `faß.de` becomes `fass.de` and a zero-width
joiner disappears, so mail would go to a stranger's domain.
"""

import string
import unicodedata
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets.
MAX_LOCAL_LENGTH = 64  # RFC 5321, 4.5.3.1.1.

INVALID = _("Enter an e-mail address such as name@example.org.")
INVISIBLE = _(
    "The e-mail address contains an invisible character, perhaps pasted with it. Please type the address yourself."
)
LOCAL_PART_NOT_ASCII = _(
    "We cannot write to this e-mail address: before the @ only unaccented letters from a to z, digits and signs "
    "such as . - _ + can be used."
)
DOMAIN_UNCLEAR = _(
    "We cannot tell which domain this e-mail address belongs to. Please check the part after the @."
)

# Characters that are often pasted with an address: blanks, joiners, direction marks, soft hyphens, byte order marks.
_PASTED = string.whitespace + (
    "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u202f"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_validate = EmailValidator(message=INVALID, allowlist=[])


def normalise_email(address: str) -> str:
    """Return the address in lower case with its domain in ASCII. Raises ValidationError with the reason.

    Invisible characters are removed at the ends only. The part before the @ must be ASCII: Django's validator lets
    `ı` and `ſ` through, which mail servers without SMTPUTF8 take for other letters. Quoted local parts
    (`"a b"@example.org`) and domain literals (`a@[192.0.2.1]`) are valid but rejected: nobody reads news there, and
    attackers use them for header injection.
    """
    address = address.strip(_PASTED)
    local, _at, domain = address.rpartition("@")
    if len(address) > MAX_LENGTH or len(local) > MAX_LOCAL_LENGTH:
        raise ValidationError(INVALID, code="invalid")
    try:
        normalised = f"{local}@{domain_in_ascii(domain)}".lower()
    except UnicodeError:  # The base class of the errors of `idna`.
        raise ValidationError(_reason(address, DOMAIN_UNCLEAR), code="invalid") from None
    if not local.isascii():
        raise ValidationError(_reason(local, LOCAL_PART_NOT_ASCII), code="invalid")
    if local.startswith('"') or domain.startswith("[") or len(normalised) > MAX_LENGTH:
        raise ValidationError(INVALID, code="invalid")
    _validate(normalised)
    return normalised


def domain_in_ascii(domain: str) -> str:
    """Return the domain in lower-case ASCII, as in DNS. Raises UnicodeError if that would be another domain.

    Apart from case and composition (NFC), UTS 46 (non-transitional) may map no character, and the encoded domain must
    decode to the input. RFC 5891; Unicode Technical Standard 46.
    """
    composed = unicodedata.normalize("NFC", domain)
    typed = composed.lower()
    if typed.isascii() and "xn--" not in typed:
        if not domain.isascii():
            raise UnicodeError("Letters that are not ASCII would become ASCII.")
        return typed
    if idna.uts46_remap(composed, std3_rules=True, transitional=False) != typed:
        raise UnicodeError("The domain would be mapped to another.")
    encoded = idna.encode(typed, std3_rules=True).decode("ascii")
    for label, encoded_label in zip(typed.split("."), encoded.split("."), strict=True):
        if label not in {encoded_label, idna.decode(encoded_label)}:
            raise UnicodeError("A label of the domain does not survive a round trip.")
    return encoded


class EmailField(forms.EmailField):
    """A field that normalises its address."""

    default_validators = []

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_LENGTH, **kwargs})
        for code in ("max_length", "null_characters_not_allowed"):
            self.error_messages.setdefault(code, INVALID)

    def clean(self, value: Any) -> str:
        cleaned = super().clean(value)
        return normalise_email(cleaned) if cleaned else ""


def _reason(text: str, otherwise: Any) -> Any:
    """Return the message for invisible characters if the text has any, or else `otherwise`."""
    return INVISIBLE if any(map(_is_invisible, text)) else otherwise


def _is_invisible(character: str) -> bool:
    return character != " " and unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Zs"}
