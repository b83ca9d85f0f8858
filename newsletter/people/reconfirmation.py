"""Reconfirmation: asks people who confirmed long ago whether to stay, and unsubscribes those who do not answer.

Days are UTC. Answers are accepted until the end of `answer_by`; subscriptions end on the day after.
"""

import logging
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.days import today
from core.models import User
from newsletter.addresses import address_key
from newsletter.choices import (
    ConsentEvent,
    DeliveryState,
    MailingKind,
    MailingState,
    SubscriberState,
    SuppressionReason,
)
from newsletter.consent import Circumstances
from newsletter.mail_content import MailContent, Slot
from newsletter.models import (
    ConsentRecord,
    Delivery,
    Mailing,
    Segment,
    Subscriber,
    SuppressedAddress,
)
from newsletter.models.mailings import MailingQuerySet
from newsletter.models.subscribers import Preferences, SubscriberQuerySet
from newsletter.tokens import Purpose, TokenEndedError, TokenExpiredError, read

logger = logging.getLogger(__name__)

LOG_ACTION = "newsletter.ask_to_stay"
# The least number of days to answer. People who get the mail fewer days before the deadline are not unsubscribed.
DAYS_TO_ANSWER = 7
BATCH = 1_000


def render_reconfirmation(language: str, answer_by: date) -> MailContent:
    """Render the request in `language`. Its links are `Slot.STAY` and `Slot.UNSUBSCRIBE`."""
    with translation.override(language):
        subject = _("Do you still want our newsletter?")
        context = {
            "subject": subject,
            "answer_by": answer_by,
            "stay": Slot.STAY.value,
            "unsubscribe": Slot.UNSUBSCRIBE.value,
            "site": settings.SITE_URL,
        }
        return MailContent(
            subject,
            render_to_string("email/reconfirmation.html", context),
            render_to_string("email/reconfirmation.txt", context),
            language,
        )


def contents_of(mailing: Mailing) -> dict[str, MailContent]:
    """Render the request in each language of its recipients."""
    languages = audience_of(mailing).order_by("language").values_list("language", flat=True)
    return {
        language: render_reconfirmation(language, mailing.answer_by)
        for language in languages.distinct()
        if mailing.answer_by  # A constraint requires it.
    }


def audience_of(mailing: Mailing) -> SubscriberQuerySet:
    """Select the recipients of a reconfirmation mailing. Lazy: returns an unevaluated queryset."""
    return subscribers_to_ask(segment=mailing.segment, confirmed_before=mailing.confirmed_before)


def subscribers_to_ask(
    *, segment: Segment | None, confirmed_before: date | None
) -> SubscriberQuerySet:
    """Select subscribers of the segment who confirmed before that day and have no other open request."""
    subscribers = Subscriber.objects.confirmed()
    if segment:
        subscribers = subscribers.in_audience(segment.audience)
    if confirmed_before:
        midnight = datetime.combine(confirmed_before, time(), UTC)
        subscribers = subscribers.filter(confirmed_at__lt=midnight)
    open_requests = Delivery.objects.filter(
        subscriber=OuterRef("pk"),
        mailing__kind=MailingKind.RECONFIRMATION,
        mailing__answer_by__gte=today(),
    ).exclude(
        Q(mailing__state=MailingState.CANCELLED)
        | Q(state__in=[DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.CANCELLED])
    )
    return subscribers.filter(~Exists(open_requests))


@transaction.atomic
def order_reconfirmation(
    *, segment: Segment | None, confirmed_before: date, answer_by: date, user: User | None
) -> Mailing:
    """Order a reconfirmation mailing, to start now. Its recipients are selected when it starts."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Do you still want our newsletter?")
    mailing = Mailing.objects.create(
        kind=MailingKind.RECONFIRMATION,
        subject=subject,
        segment=segment,
        confirmed_before=confirmed_before,
        answer_by=answer_by,
        ordered_by=user,
    )
    log(instance=mailing, action=LOG_ACTION, user=user)
    logger.info("newsletter.reconfirmation_ordered", extra={"mailing": mailing.pk})
    return mailing


def subscriber_of_token(token: str, *, among: SubscriberQuerySet | None = None) -> Subscriber:
    """Return the subscriber of a link to stay. Raises TokenError: TokenExpiredError after the deadline."""
    subscriber = read(token, Purpose.STAY, among=among)
    if subscriber.state != SubscriberState.CONFIRMED:
        raise TokenEndedError(SubscriberState(subscriber.state))
    requests = Mailing.objects.filter(
        kind=MailingKind.RECONFIRMATION, deliveries__subscriber=subscriber.pk
    )
    latest = requests.order_by("-answer_by").values_list("answer_by", flat=True).first()
    if latest is not None and latest < today():
        raise TokenExpiredError
    return subscriber


@transaction.atomic
def stay(*, token: str, circumstances: Circumstances) -> Subscriber:
    """Record that the subscriber wants to stay. Raises TokenError."""
    subscriber = subscriber_of_token(token, among=Subscriber.objects.select_for_update())
    subscriber.confirmed_at = timezone.now()
    subscriber.save(update_fields=["confirmed_at"])
    ConsentRecord.objects.create(
        address_key=address_key(subscriber.email),
        event=ConsentEvent.RECONFIRMATION,
        page=circumstances.page,
        client_key=circumstances.client_key,
        choices=Preferences.of(subscriber).as_choices(),
    )
    logger.info("newsletter.stayed", extra={"subscriber": subscriber.pk})
    return subscriber


def unanswered(*, today: date) -> SubscriberQuerySet:
    """Select subscribers who missed the deadline of a request.

    It was sent in time and did not bounce, and they neither reconfirmed since the mailing started nor unsubscribed.
    """
    deliveries = (
        Delivery.objects.filter(
            subscriber=OuterRef("pk"),
            mailing__in=_closed_requests(today),
            mailing__started_at__gt=OuterRef("confirmed_at"),
            state=DeliveryState.SENT,
            bounced_at__isnull=True,
        )
        .annotate(answer_by=F("mailing__answer_by"))
        .filter(settled_at__date__lte=F("answer_by") - timedelta(days=DAYS_TO_ANSWER))
    )
    return Subscriber.objects.confirmed().filter(Exists(deliveries))


def _closed_requests(today: date) -> MailingQuerySet:
    """Select mailings past their deadline, except cancelled ones."""
    return Mailing.objects.filter(
        kind=MailingKind.RECONFIRMATION, started_at__isnull=False, answer_by__lt=today
    ).exclude(state=MailingState.CANCELLED)


@transaction.atomic
def end_unanswered(*, today: date) -> int:
    """Unsubscribe a batch of people who missed the deadline; return how many. Call until it returns 0.

    A new sign-up lifts the suppression.
    """
    batch = list(
        unanswered(today=today)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")[:BATCH]
    )
    now = timezone.now()
    Subscriber.objects.filter(pk__in=[subscriber.pk for subscriber in batch]).update(
        state=SubscriberState.UNSUBSCRIBED, ended_at=now
    )
    keys = sorted(address_key(subscriber.email) for subscriber in batch)
    SuppressedAddress.objects.bulk_create(
        [
            SuppressedAddress(address_key=key, reason=SuppressionReason.NOT_RECONFIRMED)
            for key in keys
        ],
        update_conflicts=True,
        unique_fields=["address_key"],
        update_fields=["reason"],
    )
    ConsentRecord.objects.bulk_create(
        ConsentRecord(address_key=key, event=ConsentEvent.UNSUBSCRIPTION, happened_at=now)
        for key in keys
    )
    return len(batch)
