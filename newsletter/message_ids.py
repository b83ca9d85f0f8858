"""The Message-IDs of deliveries: they name one to the site, and tell no reader how many there were."""

import hashlib
import re
import struct
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from core.keyed_hashes import hash_keys

MESSAGE_ID = re.compile(r"<?([0-9a-f]{32})\.issue@([^<>@\s\"',;]+)>?")
_NUMBERS = struct.Struct(">QQ")
MOST = 2**63  # The database's numbers are smaller.


def message_id_of(mailing_id: int, delivery_id: int) -> str:
    """The Message-ID of a delivery, in angle brackets; always the same. RFC 5322, section 3.6.4."""
    encryptor = _cipher(settings.HASH_KEY).encryptor()
    named = encryptor.update(_NUMBERS.pack(mailing_id, delivery_id)) + encryptor.finalize()
    return f"<{named.hex()}.issue@{_host()}>"


def deliveries_named(message_id: str) -> list[tuple[int, int]]:
    """The mailing and the delivery that a Message-ID may name: under each key in the settings one at most."""
    match = MESSAGE_ID.fullmatch(message_id)
    if match is None or match[2] != _host():
        return []
    found = []
    for key in hash_keys():
        decryptor = _cipher(key).decryptor()
        numbers = decryptor.update(bytes.fromhex(match[1])) + decryptor.finalize()
        mailing_id, delivery_id = _NUMBERS.unpack(numbers)
        # Under another key, and for what was made up, these are any numbers.
        if max(mailing_id, delivery_id) < MOST:
            found.append((mailing_id, delivery_id))
    return found


@lru_cache(maxsize=8)
def _cipher(hash_key: str) -> Cipher[modes.ECB]:
    """One block that no other delivery has: that equal blocks stay equal, the fault of ECB, is what is wanted."""
    key = hashlib.sha256(f"newsletter.message_ids{hash_key}".encode()).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
