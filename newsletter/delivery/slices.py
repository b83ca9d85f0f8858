"""A lane's turn: some seconds of sending, after which the worker is free for other work."""

import time
from collections.abc import Callable

from django.conf import settings

from newsletter.choices import MailingState
from newsletter.models import Mailing

from .claims import Claim, held_claim
from .courier import Courier
from .ledger import outlook, recover
from .progress import finish, keep_watch
from .senders import Senders
from .settling import pause_after
from .transports.choice import make_transport

# After so long a lane looks again, whatever it knows: mailings that wait for a late retry stay in service.
LONGEST_REST = 600.0  # seconds
# While another worker still hands over what is left.
REST_FOR_OTHERS = 5.0


def run_slice(*, seconds: float, is_stopping: Callable[[], bool] = lambda: False) -> float | None:
    """Send what is to be sent for at most so long; give in how many seconds to go on, None when nothing is left.

    The mailing that started first comes first.
    """
    recover()
    keep_watch()
    ends = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() >= ends or is_stopping()

    sending = list(
        Mailing.objects.sending().order_by("started_at", "pk").values_list("pk", flat=True)
    )
    if not sending:
        return None
    with (
        held_claim() as claim,
        Senders(make_transport, connections=settings.NEWSLETTER_CONNECTIONS) as senders,
    ):
        rests = [_send(mailing_id, claim, senders, is_over) for mailing_id in sending]
    return min((rest for rest in rests if rest is not None), default=None)


def _send(
    mailing_id: int, claim: Claim, senders: Senders, is_over: Callable[[], bool]
) -> float | None:
    """Send of one mailing what can be sent; give in how many seconds it goes on."""
    unavailable = False
    if not is_over():
        courier = Courier(mailing_id, claim, senders, is_over)
        courier.run()
        unavailable = courier.server_is_unavailable
    rest = _rest(mailing_id)
    if rest is not None and unavailable:
        errors = Mailing.objects.values_list("errors_in_a_row", flat=True).get(pk=mailing_id)
        return max(rest, pause_after(errors))
    return rest


def _rest(mailing_id: int) -> float | None:
    if not Mailing.objects.filter(pk=mailing_id, state=MailingState.SENDING).exists():
        return None
    left = outlook(mailing_id)
    if left.seconds is not None:
        return min(max(left.seconds, 0.0), LONGEST_REST)
    if left.handed_over and recover() < left.handed_over:
        return REST_FOR_OTHERS
    return None if finish(mailing_id=mailing_id) else REST_FOR_OTHERS
