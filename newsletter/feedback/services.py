"""What an event of a mail provider changes. One transaction each; a repeated event changes nothing."""

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from newsletter import services
from newsletter.addresses import address_keys, normalise_email, older_spelling
from newsletter.choices import DeliveryState, MailEventKind, SubscriberState, SuppressionReason
from newsletter.delivery import transitions
from newsletter.delivery.refusals import Refusals
from newsletter.models import Delivery, MailEvent, Subscriber

from .attribution import ForeignEventError, find_delivery
from .kinds import kind_of

logger = logging.getLogger(__name__)

KEPT = timedelta(days=400)
CLOCKS_DIFFER_BY = timedelta(hours=1)

MARKS = {
    MailEventKind.HARD_BOUNCE: "bounced_at",
    MailEventKind.COMPLAINT: "complained_at",
    MailEventKind.UNSUBSCRIPTION: "unsubscribed_at",
}


@transaction.atomic
def take_event(*, event: AnymailTrackingEvent, esp_name: str) -> bool:
    """Keep what the event says of a subscriber, and act on it. Returns whether it was new.

    Nothing changes for an unknown address, a repeated event, one older than those that are kept, and one about a
    message that went to somebody else. What happened before the subscriber last confirmed is
    kept and not acted on: it says nothing of the present subscription.
    """
    kind = kind_of(event, esp_name=esp_name)
    email = _address_of(event, esp_name)
    happened_at = _moment_of(event)
    if kind is None or email is None or happened_at < timezone.now() - KEPT:
        return False
    # The lock lets one event of an address in at a time, so none is counted twice.
    subscriber = Subscriber.objects.with_address(email).select_for_update().first()
    fingerprints = [_fingerprint(event, esp_name, key) for key in address_keys(email)]
    if subscriber is None or MailEvent.objects.filter(fingerprint__in=fingerprints).exists():
        return False
    try:
        found = find_delivery(event, subscriber, happened_at)
    except ForeignEventError:
        logger.warning("newsletter.mail_event_of_another", extra={"subscriber": subscriber.pk})
        return False
    delivery = found.delivery
    MailEvent.objects.create(
        fingerprint=fingerprints[0],
        kind=kind,
        happened_at=happened_at,
        delivery=delivery,
        subscriber=subscriber,
    )
    if delivery is not None:
        _mark(delivery, kind, happened_at, is_named=found.is_named)
    if happened_at >= _began_at(subscriber):
        _act_on(kind, subscriber)
    logger.info("newsletter.mail_event", extra={"subscriber": subscriber.pk, "kind": str(kind)})
    return True


def suppress_refused(*, mailing_id: int) -> int:
    """Suppress the addresses of a mailing that the mail server refused as unknown; return how many.

    A transaction for each. None while the server may be the one that is wrong: see `delivery.refusals`. Nobody is
    suppressed who signed up anew since.
    """
    if not Refusals.of(mailing_id).are_believed:
        return 0
    refused = Delivery.objects.filter(
        mailing=mailing_id, state=DeliveryState.FAILED, bounced_at__isnull=False
    ).exclude(subscriber__state=SubscriberState.SUPPRESSED)
    count = 0
    for subscriber_id, refused_at in refused.values_list("subscriber", "bounced_at"):
        with transaction.atomic():
            subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
            if subscriber and refused_at and _began_at(subscriber) <= refused_at:
                services.suppress(email=subscriber.email, reason=SuppressionReason.BOUNCED)
                count += 1
    logger.info("newsletter.refused_suppressed", extra={"mailing": mailing_id, "count": count})
    return count


@transaction.atomic
def forget_events() -> int:
    """Delete events that are too old to be of use; return how many. A replay of one is refused by its age."""
    count, _models = MailEvent.objects.filter(happened_at__lt=timezone.now() - KEPT).delete()
    return count


def _address_of(event: AnymailTrackingEvent, esp_name: str) -> str | None:
    """The recipient as subscribers are looked up by; None where no subscriber could have it."""
    if not isinstance(event.recipient, str):
        return None
    try:
        return normalise_email(event.recipient)
    except ValidationError:
        logger.warning("newsletter.mail_event_of_odd_address", extra={"provider": esp_name})
        return older_spelling(event.recipient)


def _moment_of(event: AnymailTrackingEvent) -> datetime:
    """When it happened. Now, where the provider does not say or its clock is wrong.

    To drop such an event would be to write on to somebody who complained; to believe in the future would let one
    event count against every confirmation until then.
    """
    now = timezone.now()
    happened_at = event.timestamp
    if not isinstance(happened_at, datetime):
        return now
    if timezone.is_naive(happened_at):
        happened_at = happened_at.replace(tzinfo=UTC)
    return now if happened_at > now + CLOCKS_DIFFER_BY else happened_at


def _fingerprint(event: AnymailTrackingEvent, esp_name: str, address_key: str) -> str:
    """Return the same for each report of an event. One notification may name several recipients."""
    parts: list[Any] = [esp_name, event.event_type, address_key]
    parts += [event.event_id] if event.event_id else [event.message_id, event.timestamp]
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()


def _began_at(subscriber: Subscriber) -> datetime:
    """When the present subscription began, or was asked for."""
    if subscriber.state == SubscriberState.PENDING or subscriber.confirmed_at is None:
        return subscriber.signed_up_at
    return subscriber.confirmed_at


def _mark(
    delivery: Delivery, kind: MailEventKind, happened_at: datetime, *, is_named: bool
) -> None:
    """Record the event on the delivery, once."""
    deliveries = Delivery.objects.filter(pk=delivery.pk)
    if kind in MARKS:
        mark = MARKS[kind]
        deliveries.filter(**{f"{mark}__isnull": True}).update(**{mark: happened_at})
    if is_named:
        # Whatever the provider reports, it has the message.
        transitions.mark_sent(mailing_id=delivery.mailing_id, delivery_ids=[delivery.pk])


def _act_on(kind: MailEventKind, subscriber: Subscriber) -> None:
    match kind:
        case MailEventKind.HARD_BOUNCE:
            services.suppress(email=subscriber.email, reason=SuppressionReason.BOUNCED)
        case MailEventKind.COMPLAINT:
            services.suppress(email=subscriber.email, reason=SuppressionReason.COMPLAINED)
        case MailEventKind.UNSUBSCRIPTION:
            services.unsubscribe_address(email=subscriber.email)
        case MailEventKind.SOFT_BOUNCE if (
            _soft_bounces(subscriber) >= settings.NEWSLETTER_SOFT_BOUNCES
        ):
            services.suppress(email=subscriber.email, reason=SuppressionReason.BOUNCED)


def _soft_bounces(subscriber: Subscriber) -> int:
    """In how many mailings mail to the subscriber has bounced since one was delivered, or the subscription began."""
    events = MailEvent.objects.filter(subscriber=subscriber, happened_at__gte=_began_at(subscriber))
    delivered = events.filter(kind=MailEventKind.DELIVERED).order_by("-happened_at").first()
    soft = events.filter(kind=MailEventKind.SOFT_BOUNCE, delivery__isnull=False)
    if delivered:
        soft = soft.filter(happened_at__gt=delivered.happened_at)
    return soft.values("delivery__mailing").distinct().count()
