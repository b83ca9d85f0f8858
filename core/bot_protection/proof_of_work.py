"""Proof of work by ALTCHA: a puzzle that delays a person's browser a moment and slows a bot down.

`proof-of-work.js` solves it. The challenge holds the signed time at which it was made, so a proof also shows how long
ago a visitor began to fill in the form. The page cannot show that, being cached and the same for everyone.
"""

import time
from dataclasses import dataclass

import altcha
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

ALGORITHM = "PBKDF2/SHA-256"
PREFIX = "00"  # One try in 256 succeeds.
LIFETIME = 60 * 60  # Seconds. Longer than a person leaves a form open before sending it.
# The cost doubles each time a form has received as many further posts as its limit for the whole site. After four
# doublings, the maximum, a telephone needs about ten seconds.
MOST_DOUBLINGS = 4
WINDOW = 60 * 60  # Seconds after which a raised cost is forgotten.
MAX_LENGTH = 2_000  # Characters of an encoded proof; a real one has about 700.


@dataclass(frozen=True)
class Proof:
    """A solved challenge. `age` is the seconds since the challenge was made, `cost` the PBKDF2 rounds of one try."""

    nonce: str
    age: float
    cost: int

    @property
    def is_worth_its_cost(self) -> bool:
        """Return False for a proof that was solved while proofs were cheap and kept until they cost more."""
        return self.cost * 2 >= _cost()

    def spend(self) -> bool:
        """Mark the proof as used. Return False if it was used before."""
        return bool(cache.add(f"proof-of-work:{self.nonce}", 1, timeout=LIFETIME + 60))


def new_challenge() -> dict[str, object]:
    """Return a challenge for the script. It is signed, so the server stores none of it."""
    now = time.time()
    challenge = altcha.create_challenge(
        algorithm=ALGORITHM,
        cost=_cost(),
        key_prefix=PREFIX,
        expires_at=int(now) + LIFETIME,
        data={"made": int(now * 1000)},
        hmac_secret=_key(),
    )
    return dict(challenge.to_dict())


def read_proof(encoded: str) -> Proof | None:
    """Return the proof in the field of a form; None if it is missing, forged, wrong or too old."""
    if not encoded or len(encoded) > MAX_LENGTH:
        return None
    try:
        payload = altcha.Payload.from_base64(encoded)
        result = altcha.verify_solution(payload, _key())
    # A stranger may send anything: no base64, no JSON, or JSON of any shape.
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    if not result.verified:
        return None
    # This site signed it, so it has the shape that `new_challenge` made.
    challenge = payload.challenge.to_dict()["parameters"]
    return Proof(
        nonce=challenge["nonce"],
        age=time.time() - challenge["data"]["made"] / 1000,
        cost=challenge["cost"],
    )


def raise_cost(doublings: int) -> None:
    """Raise the cost of proofs until the end of this hour."""
    cache.set(_cost_key(), min(doublings, MOST_DOUBLINGS), timeout=2 * WINDOW)


def _cost() -> int:
    """Return the current number of PBKDF2 rounds of one try."""
    doublings: int = cache.get(_cost_key(), 0)
    return settings.PROOF_OF_WORK_COST * 2**doublings


def _cost_key() -> str:
    return f"proof-of-work:doublings:{int(time.time() // WINDOW)}"


def _key() -> bytes:
    return salted_hmac("coalition_site.proof_of_work", "", algorithm="sha256").digest()


@require_safe
@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    """Return a new ALTCHA challenge as JSON."""
    return JsonResponse(new_challenge())
