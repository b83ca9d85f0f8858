"""Applies events of mail providers, one transaction each. A repeated event changes nothing."""

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
from newsletter.delivery.outcomes import Refusals
from newsletter.models import Delivery, MailEvent, Subscriber

from .events import ForeignEventError, find_delivery, kind_of

logger = logging.getLogger(__name__)

KEPT = timedelta(days=400)
CLOCKS_DIFFER_BY = timedelta(hours=1)

MARKS = {
    MailEventKind.HARD_BOUNCE: "bounced_at",
    MailEventKind.COMPLAINT: "complained_at",
    MailEventKind.UNSUBSCRIPTION: "unsubscribed_at",
}


@transaction.atomic
def record_event(*, event: AnymailTrackingEvent, esp_name: str) -> bool:
    """Record an event of a subscriber and act on it. Return whether it was new.

    An event is ignored if its address is unknown, if it is a repetition, if it is older than `KEPT`, or if its message
    went to somebody else. An event from before the subscriber last confirmed is recorded but not acted on, since it
    does not concern the present subscription.
    """
    kind = kind_of(event, esp_name=esp_name)
    email = _address_of(event, esp_name)
    happened_at = _moment_of(event)
    if kind is None or email is None or happened_at < timezone.now() - KEPT:
        return False
    # Under this lock events of one address are handled one after another, so none is counted twice.
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

    One transaction each. Suppresses none while the server may be at fault: see `Refusals`. People who signed up again
    since are left out.
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
    """Delete events older than `KEPT`; return how many. A repetition of one is ignored because of its age."""
    count, _models = MailEvent.objects.filter(happened_at__lt=timezone.now() - KEPT).delete()
    return count


def _address_of(event: AnymailTrackingEvent, esp_name: str) -> str | None:
    """Return the recipient in the spelling to look up; None if no subscriber could have it."""
    if not isinstance(event.recipient, str):
        return None
    try:
        return normalise_email(event.recipient)
    except ValidationError:
        logger.warning("newsletter.mail_event_of_odd_address", extra={"provider": esp_name})
        return older_spelling(event.recipient)


def _moment_of(event: AnymailTrackingEvent) -> datetime:
    """Return when the event happened; now, if the provider gives no time or one in the future.

    If such an event were ignored, a person who complained would get mail again. If a time in the future were accepted,
    the event would count against every confirmation until then.
    """
    now = timezone.now()
    happened_at = event.timestamp
    if not isinstance(happened_at, datetime):
        return now
    if timezone.is_naive(happened_at):
        happened_at = happened_at.replace(tzinfo=UTC)
    return now if happened_at > now + CLOCKS_DIFFER_BY else happened_at


def _fingerprint(event: AnymailTrackingEvent, esp_name: str, address_key: str) -> str:
    """Return the same hash for each report of an event. One notification may be about several recipients."""
    parts: list[Any] = [esp_name, event.event_type, address_key]
    parts += [event.event_id] if event.event_id else [event.message_id, event.timestamp]
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()


def _began_at(subscriber: Subscriber) -> datetime:
    """Return when the present subscription was confirmed, or requested if pending."""
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
        # Any report means that the provider received the message.
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
    """Count the mailings that bounced since the last delivered one, or since the subscription began."""
    events = MailEvent.objects.filter(subscriber=subscriber, happened_at__gte=_began_at(subscriber))
    delivered = events.filter(kind=MailEventKind.DELIVERED).order_by("-happened_at").first()
    soft = events.filter(kind=MailEventKind.SOFT_BOUNCE, delivery__isnull=False)
    if delivered:
        soft = soft.filter(happened_at__gt=delivered.happened_at)
    return soft.values("delivery__mailing").distinct().count()
