"""Use cases of a subscriber: one function and one transaction each.

Jobs are rows of the same transaction, so a mail leaves after commit or not at all.
"""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.jobs import defer

from .addresses import address_key, normalise_email, older_spelling
from .choices import ConsentEvent, SubscriberState, SuppressionReason
from .consent import WORDING, WORDING_VERSION, Circumstances
from .models import ConsentRecord, Delivery, MailEvent, SignUp, Subscriber, SuppressedAddress
from .models.subscribers import Preferences
from .tokens import Purpose, TokenEndedError, read, sign_up_of

logger = logging.getLogger(__name__)

BY_THE_SITE = Circumstances()
PURGE_BATCH = 1_000
# By name, since the tasks import this module.
ANSWER_SIGN_UP = "newsletter.answer_sign_up"
ANSWER_LEAVER = "newsletter.answer_leaver"


@transaction.atomic
def subscribe(
    *,
    email: str,
    preferences: Preferences,
    circumstances: Circumstances,
    delay: timedelta | None = None,
) -> None:
    """Record a sign-up, and queue the mail that asks the owner of the address to confirm it.

    The person at the form may be a stranger, who must not learn what is known of the address. So the same statements
    run for every address, and the job decides which mail to send, at once or after `delay`. The choices of a known
    address stay as they are until the link in the mail is used: the new ones are stored as a `SignUp`.
    Raises ValidationError if `email` is not an address.
    """
    email = normalise_email(email)
    now = timezone.now()
    Subscriber.objects.bulk_create(
        [Subscriber(email=email, signed_up_at=now, **asdict(preferences))], ignore_conflicts=True
    )
    subscriber = Subscriber.objects.with_address(email).select_for_update().get()
    Subscriber.objects.filter(pk=subscriber.pk).exclude(state=SubscriberState.CONFIRMED).update(
        state=SubscriberState.PENDING, signed_up_at=now
    )
    sign_up = SignUp.objects.create(subscriber=subscriber, asked_at=now, **asdict(preferences))
    _record(
        ConsentEvent.SIGN_UP,
        email,
        circumstances,
        wording_version=WORDING_VERSION,
        wording=str(WORDING),
        choices=preferences.as_choices(),
    )
    _defer(ANSWER_SIGN_UP, delay, subscriber_id=subscriber.pk, sign_up_id=sign_up.pk)
    logger.info("newsletter.signed_up", extra={"subscriber": subscriber.pk})


@transaction.atomic
def confirm(*, token: str, circumstances: Circumstances) -> Subscriber:
    """Confirm a pending subscriber, with the choices of the sign-up in the token.

    Lifts a suppression of the address. Raises TokenError.
    """
    subscriber = _holder(token, Purpose.CONFIRM)
    if subscriber.state != SubscriberState.PENDING:
        raise TokenEndedError(SubscriberState(subscriber.state))
    sign_ups = SignUp.objects.filter(subscriber=subscriber)
    key = sign_up_of(token)
    sign_up = sign_ups.filter(pk=key).first() if key else None
    for field, value in asdict(Preferences.of(sign_up or subscriber)).items():
        setattr(subscriber, field, value)
    subscriber.state = SubscriberState.CONFIRMED
    subscriber.confirmed_at = timezone.now()
    subscriber.save()
    sign_ups.delete()
    SuppressedAddress.objects.of_address(subscriber.email).delete()
    _record(
        ConsentEvent.CONFIRMATION,
        subscriber.email,
        circumstances,
        choices=Preferences.of(subscriber).as_choices(),
    )
    logger.info("newsletter.confirmed", extra={"subscriber": subscriber.pk})
    return subscriber


def forget_sign_ups(*, asked_before: datetime) -> int:
    """Delete sign-ups made before that moment, whose links have expired; return how many."""
    count, _models = SignUp.objects.filter(asked_at__lt=asked_before).delete()
    return count


@transaction.atomic
def update_preferences(
    *, token: str, preferences: Preferences, circumstances: Circumstances
) -> Subscriber:
    """Store the preferences of a confirmed subscriber. Raises TokenError."""
    subscriber = _holder(token, Purpose.PREFERENCES)
    if subscriber.state != SubscriberState.CONFIRMED:
        raise TokenEndedError(SubscriberState(subscriber.state))
    fields = asdict(preferences)
    for field, value in fields.items():
        setattr(subscriber, field, value)
    subscriber.save(update_fields=list(fields))
    _record(
        ConsentEvent.PREFERENCE_CHANGE,
        subscriber.email,
        circumstances,
        choices=preferences.as_choices(),
    )
    return subscriber


@transaction.atomic
def unsubscribe(*, token: str, circumstances: Circumstances, mailing_id: int | None = None) -> None:
    """End the subscription, pending or confirmed. Idempotent. Raises TokenError.

    Mail providers repeat the one-click request, so a second one is no error. RFC 8058. `mailing_id` is the mailing that
    contained the link: its delivery to the subscriber records the unsubscription. Any other number is ignored.
    """
    subscriber = _holder(token, Purpose.UNSUBSCRIBE)
    if _end(
        subscriber, SubscriberState.UNSUBSCRIBED, SuppressionReason.UNSUBSCRIBED, circumstances
    ):
        Delivery.objects.filter(
            mailing=mailing_id, subscriber=subscriber, unsubscribed_at__isnull=True
        ).update(unsubscribed_at=subscriber.ended_at)


@transaction.atomic
def request_unsubscribe_link(*, email: str, delay: timedelta | None = None) -> None:
    """Queue a mail with a link to unsubscribe, if the address receives our mail, at once or after `delay`.

    The person at the form may be a stranger, so the same statements run for every address, and the job decides. `email`
    is the spelling to look up.
    """
    subscriber_id = (
        Subscriber.objects.with_address(email).order_by().values_list("pk", flat=True).first()
    )
    _defer(ANSWER_LEAVER, delay, subscriber_id=subscriber_id)
    logger.info("newsletter.asked_to_leave")


@transaction.atomic
def unsubscribe_address(*, email: str) -> None:
    """End the subscription of a person who unsubscribed at the mail provider."""
    email = email_on_file(email)
    subscriber = Subscriber.objects.with_address(email).select_for_update().first()
    if subscriber:
        _end(subscriber, SubscriberState.UNSUBSCRIBED, SuppressionReason.UNSUBSCRIBED, BY_THE_SITE)


@transaction.atomic
def refuse_mail(*, email: str) -> None:
    """End the subscription of a person who asked the secretariat, and suppress the address in any case."""
    subscriber = Subscriber.objects.with_address(email).select_for_update().first()
    if subscriber:
        _end(subscriber, SubscriberState.UNSUBSCRIBED, SuppressionReason.UNSUBSCRIBED, BY_THE_SITE)
    elif not SuppressedAddress.objects.of_address(email).exists():
        _suppress_address(email, SuppressionReason.UNSUBSCRIBED)
        _record(ConsentEvent.UNSUBSCRIPTION, email, BY_THE_SITE)


@transaction.atomic
def suppress(*, email: str, reason: SuppressionReason) -> None:
    """Suppress an address after a bounce or a complaint, whether it belongs to a subscriber or not."""
    email = email_on_file(email)
    subscriber = Subscriber.objects.with_address(email).select_for_update().first()
    if subscriber:
        _end(subscriber, SubscriberState.SUPPRESSED, reason, BY_THE_SITE)
    else:
        _suppress_address(email, reason)
        _record(ConsentEvent.SUPPRESSION, email, BY_THE_SITE)


def is_suppressed(*, email: str) -> bool:
    """Return whether the address is suppressed. Raises ValidationError."""
    return SuppressedAddress.objects.of_address(normalise_email(email)).exists()


@transaction.atomic
def export_person(*, email: str) -> dict[str, Any]:
    """Return all data kept of a person, as JSON-compatible values. Regulation (EU) 2016/679, art. 15 and 20."""
    email = email_on_file(email)
    subscriber = (
        Subscriber.objects.with_address(email)
        .values(
            "email",
            "language",
            "regions",
            "topics",
            "state",
            "signed_up_at",
            "confirmed_at",
            "ended_at",
        )
        .first()
    )
    consent = ConsentRecord.objects.of_address(email).values(
        "event", "happened_at", "wording_version", "wording", "choices", "page", "client_key"
    )
    suppressed = SuppressedAddress.objects.of_address(email).order_by("-suppressed_at")
    deliveries = Delivery.objects.filter(subscriber__email=email).values(
        "state",
        "settled_at",
        "bounced_at",
        "complained_at",
        "unsubscribed_at",
        subject=F("mailing__subject"),
    )
    mail_events = MailEvent.objects.filter(subscriber__email=email).values(
        "kind", "happened_at", subject=F("delivery__mailing__subject")
    )
    return {
        "subscriber": subscriber,
        "sign_ups": list(
            SignUp.objects.filter(subscriber__email=email).values(
                "asked_at", "language", "regions", "topics"
            )
        ),
        "consent": list(consent),
        "suppressed": suppressed.values("reason", "suppressed_at").first(),
        "deliveries": list(deliveries),
        "mail_events": list(mail_events),
    }


@transaction.atomic
def erase_person(*, email: str) -> bool:
    """Delete a person; return whether there was a subscriber. Regulation (EU) 2016/679, art. 17.

    A keyed hash of the address stays in any case, so that no import adds it again.
    """
    email = email_on_file(email)
    deleted, _models = Subscriber.objects.with_address(email).delete()
    _suppress_address(email, SuppressionReason.ERASED)
    _record(ConsentEvent.ERASURE, email, BY_THE_SITE)
    logger.info("newsletter.erased", extra={"count": deleted})
    return bool(deleted)


@transaction.atomic
def purge_unconfirmed(*, signed_up_before: datetime) -> int:
    """Delete a batch of subscribers who never confirmed; return how many. Call until it returns 0."""
    batch = list(
        Subscriber.objects.pending_since_before(signed_up_before)
        .select_for_update(skip_locked=True)
        .order_by("pk")[:PURGE_BATCH]
    )
    Subscriber.objects.filter(pk__in=[subscriber.pk for subscriber in batch]).delete()
    ConsentRecord.objects.bulk_create(
        ConsentRecord(address_key=address_key(subscriber.email), event=ConsentEvent.EXPIRY)
        for subscriber in batch
    )
    return len(batch)


@transaction.atomic
def forget_former(*, ended_before: datetime) -> int:
    """Delete a batch of former subscribers; return how many. Call until it returns 0.

    Their addresses stay suppressed, as keyed hashes. Regulation (EU) 2016/679, art. 5(1)(e).
    """
    batch = list(
        Subscriber.objects.ended_before(ended_before)
        .select_for_update(skip_locked=True)
        .order_by("pk")[:PURGE_BATCH]
    )
    SuppressedAddress.objects.bulk_create(
        [
            SuppressedAddress(
                address_key=address_key(subscriber.email), reason=SuppressionReason.UNSUBSCRIBED
            )
            for subscriber in batch
            if not SuppressedAddress.objects.of_address(subscriber.email).exists()
        ],
        ignore_conflicts=True,
    )
    Subscriber.objects.filter(pk__in=[subscriber.pk for subscriber in batch]).delete()
    ConsentRecord.objects.bulk_create(
        ConsentRecord(address_key=address_key(subscriber.email), event=ConsentEvent.FORGETTING)
        for subscriber in batch
    )
    return len(batch)


def email_on_file(email: str) -> str:
    """Return the spelling in which the address is stored. Raises ValidationError if it is neither valid nor stored."""
    try:
        return normalise_email(email)
    except ValidationError:
        older = older_spelling(email)
        if older and Subscriber.objects.with_address(older).exists():
            return older
        raise


def _defer(task: str, delay: timedelta | None, **arguments: int | None) -> None:
    schedule_at = timezone.now() + delay if delay else None
    defer(task, at=schedule_at, **arguments)


def _holder(token: str, purpose: Purpose) -> Subscriber:
    return read(token, purpose, among=Subscriber.objects.select_for_update())


def _end(
    subscriber: Subscriber,
    state: SubscriberState,
    reason: SuppressionReason,
    circumstances: Circumstances,
) -> bool:
    """End a subscription and suppress the address. Return False if it had ended before."""
    if subscriber.state in {state, SubscriberState.SUPPRESSED}:
        return False
    subscriber.state = state
    subscriber.ended_at = timezone.now()
    subscriber.save(update_fields=["state", "ended_at"])
    _suppress_address(subscriber.email, reason)
    event = {
        SubscriberState.UNSUBSCRIBED: ConsentEvent.UNSUBSCRIPTION,
        SubscriberState.SUPPRESSED: ConsentEvent.SUPPRESSION,
    }[state]
    _record(event, subscriber.email, circumstances)
    logger.info("newsletter.ended", extra={"subscriber": subscriber.pk, "state": state})
    return True


def _suppress_address(email: str, reason: SuppressionReason) -> None:
    SuppressedAddress.objects.update_or_create(
        address_key=address_key(email), defaults={"reason": reason}
    )


def _record(event: ConsentEvent, email: str, circumstances: Circumstances, **details: Any) -> None:
    ConsentRecord.objects.create(
        address_key=address_key(email),
        event=event,
        page=circumstances.page,
        client_key=circumstances.client_key,
        **details,
    )
