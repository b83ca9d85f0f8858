"""A puzzle that costs a person's browser a blink and a bot its speed: ALTCHA, solved by `proof-of-work.js`.

The challenge says when it was made, signed, so a proof also shows how long ago the form was begun. The page itself
can't show that: it is cached, and the same for everyone.
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
# The cost doubles each time that a form takes as many again as its limit for the whole site, this often at most: then
# a telephone needs some ten seconds.
MOST_DOUBLINGS = 4
WINDOW = 60 * 60  # Seconds after which a raised cost is forgotten.
MAX_LENGTH = 2_000  # Characters of an encoded proof; a real one has about 700.


@dataclass(frozen=True)
class Proof:
    """A solved challenge. `age` is in seconds since the challenge was made; `cost` is what solving it took."""

    nonce: str
    age: float
    cost: int

    @property
    def is_worth_its_cost(self) -> bool:
        """False for one that was begun while proofs were cheap and kept until they were not."""
        return self.cost * 2 >= _cost()

    def spend(self) -> bool:
        """Use the proof up; False when it was used before."""
        return bool(cache.add(f"proof-of-work:{self.nonce}", 1, timeout=LIFETIME + 60))


def new_challenge() -> dict[str, object]:
    """A challenge, as the script takes it. Nothing of it is stored: the signature carries all."""
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
    """The proof in a form's field; None when it is missing, forged, wrong or too old."""
    if not encoded or len(encoded) > MAX_LENGTH:
        return None
    try:
        payload = altcha.Payload.from_base64(encoded)
        result = altcha.verify_solution(payload, _key())
    # What a stranger sends may be no base64, no JSON, or JSON of any shape.
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    if not result.verified:
        return None
    # Signed by this site, so of the shape that `new_challenge` gave it.
    challenge = payload.challenge.to_dict()["parameters"]
    return Proof(
        nonce=challenge["nonce"],
        age=time.time() - challenge["data"]["made"] / 1000,
        cost=challenge["cost"],
    )


def raise_cost(doublings: int) -> None:
    """Make the proofs of this hour cost more, for as long as it lasts."""
    cache.set(_cost_key(), min(doublings, MOST_DOUBLINGS), timeout=2 * WINDOW)


def _cost() -> int:
    """PBKDF2 rounds of one try, now."""
    doublings: int = cache.get(_cost_key(), 0)
    return settings.PROOF_OF_WORK_COST * 2**doublings


def _cost_key() -> str:
    return f"proof-of-work:doublings:{int(time.time() // WINDOW)}"


def _key() -> bytes:
    return salted_hmac("coalition_site.proof_of_work", "", algorithm="sha256").digest()


@require_safe
@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    """A fresh ALTCHA challenge."""
    return JsonResponse(new_challenge())
