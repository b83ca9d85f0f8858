"""Message-IDs of deliveries: the site can decrypt them to a delivery, and readers learn no numbers from them."""

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
MOST = 2**63  # Keys of the database are smaller.


def message_id_of(mailing_id: int, delivery_id: int) -> str:
    """Return the Message-ID of a delivery, in angle brackets. It never changes. RFC 5322, section 3.6.4."""
    encryptor = _cipher(settings.HASH_KEY).encryptor()
    block = encryptor.update(_NUMBERS.pack(mailing_id, delivery_id)) + encryptor.finalize()
    return f"<{block.hex()}.issue@{site_host()}>"


def deliveries_named(message_id: str) -> list[tuple[int, int]]:
    """Return the mailings and deliveries that a Message-ID may identify, at most one for each key in the settings."""
    match = MESSAGE_ID.fullmatch(message_id)
    if match is None or match[2] != site_host():
        return []
    found = []
    for key in hash_keys():
        decryptor = _cipher(key).decryptor()
        numbers = decryptor.update(bytes.fromhex(match[1])) + decryptor.finalize()
        mailing_id, delivery_id = _NUMBERS.unpack(numbers)
        # Decrypting with another key, or a forged Message-ID, gives random numbers.
        if max(mailing_id, delivery_id) < MOST:
            found.append((mailing_id, delivery_id))
    return found


@lru_cache(maxsize=8)
def _cipher(hash_key: str) -> Cipher[modes.ECB]:
    """Return a cipher for single blocks. ECB encrypts equal blocks to equal output, as intended here."""
    key = hashlib.sha256(f"newsletter.message_ids{hash_key}".encode()).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305


def site_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
