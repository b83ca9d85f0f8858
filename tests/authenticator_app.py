"""Computes the codes of an authenticator app. RFC 6238 with SHA-1, six digits and steps of 30 seconds."""

import base64
import hmac
import time

STEP = 30


def code(secret: str, *, steps_later: int = 0) -> str:
    """Return the six digits that the app shows now, or in `steps` steps."""
    counter = int(time.time()) // STEP + steps_later
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
