"""Use cases of staff for one person, each in one transaction with its reason in the request log.

Export and erasure concern every app: see `core.personal_data.registry`.
"""

import logging
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.jobs import defer
from core.models import User
from core.models.person_requests import RequestKind
from core.personal_data.registry import record_request
from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, SubscriberState
from newsletter.models import ConsentRecord, Subscriber
from newsletter.models.subscribers import Preferences
from newsletter.services import ANSWER_SIGN_UP, refuse_mail

logger = logging.getLogger(__name__)


@transaction.atomic
def end_subscription(*, email: str, reason: str, user: User | None) -> None:
    """Unsubscribe the person with a normalised address, and suppress the address in any case."""
    record_request(kind=RequestKind.ENDING, email=email, reason=reason, user=user)
    refuse_mail(email=email)


@transaction.atomic
def correct_person(
    *, email: str, new_email: str, preferences: Preferences, reason: str, user: User | None
) -> Subscriber:
    """Correct the data of a subscriber, and return the subscriber. Both addresses are normalised.

    The owner of a new address has not consented yet: they get a mail to confirm, and issues only after that. A
    subscription that has ended is not resumed. Raises `ValidationError` if nobody has the old address, or if another
    subscriber has the new one.
    """
    subscriber = Subscriber.objects.with_address(email).select_for_update().first()
    if subscriber is None:
        raise ValidationError(_("There is no longer a subscriber with this address."))
    for field, value in asdict(preferences).items():
        setattr(subscriber, field, value)
    if new_email != email:
        _change_address(subscriber, new_email)
    subscriber.save()
    record_request(kind=RequestKind.CORRECTION, email=email, reason=reason, user=user)
    for address in dict.fromkeys([email, new_email]):
        ConsentRecord.objects.create(
            address_key=address_key(address),
            event=ConsentEvent.CORRECTION,
            choices=preferences.as_choices(),
        )
    logger.info("newsletter.corrected", extra={"subscriber": subscriber.pk})
    return subscriber


def _change_address(subscriber: Subscriber, new_email: str) -> None:
    if Subscriber.objects.with_address(new_email).exists():
        raise ValidationError({"new_email": _("There is already a subscriber with this address.")})
    subscriber.email = new_email
    if subscriber.state in {SubscriberState.PENDING, SubscriberState.CONFIRMED}:
        subscriber.state = SubscriberState.PENDING
        subscriber.signed_up_at = timezone.now()
        defer(ANSWER_SIGN_UP, subscriber_id=subscriber.pk)
