"""Mails to one person: their content, how often they may leave, and how a job sends them."""

import logging
from datetime import timedelta
from email.charset import QP, Charset
from email.utils import make_msgid
from enum import StrEnum

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.bot_protection import Limit
from core.jobs import MailNotSentError
from core.keyed_hashes import keyed_hash

from .addresses import address_key, mailbox_of
from .choices import SuppressionReason
from .delivery.outcomes import AddressRefused, Outcome, PermanentFailure, Sent, Unknown
from .delivery.transports import make_transport
from .message_ids import site_host
from .models import SignUp, Subscriber, SuppressedAddress
from .models.subscribers import SuppressedAddressQuerySet
from .tokens import CONFIRM_WITHIN, Purpose, make

# Some mail servers do not accept 8-bit content. See `EmailMessage.encoding` in Django's documentation.
SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP


def confirmation_mail(
    subscriber: Subscriber, sign_up: SignUp | None = None
) -> EmailMultiAlternatives:
    """Return the mail that asks for confirmation. `sign_up` is None for people from imported lists."""
    with translation.override(sign_up.language if sign_up else subscriber.language):
        return _mail(
            subscriber,
            template="confirmation",
            subject=_("Please confirm that you want our newsletter"),
            link=_address_of(subscriber, Purpose.CONFIRM, sign_up=sign_up.pk if sign_up else None),
        )


def already_subscribed_mail(subscriber: Subscriber) -> EmailMultiAlternatives:
    """Return the mail that informs a confirmed subscriber that they are already subscribed."""
    with translation.override(subscriber.language):
        return _mail(
            subscriber,
            template="already_subscribed",
            subject=_("You already receive our newsletter"),
            link=_address_of(subscriber, Purpose.PREFERENCES),
        )


def leaving_mail(subscriber: Subscriber) -> EmailMultiAlternatives:
    """Return the mail with the link to unsubscribe."""
    with translation.override(subscriber.language):
        return _mail(
            subscriber,
            template="leaving",
            subject=_("Your link to unsubscribe"),
            link=_address_of(subscriber, Purpose.UNSUBSCRIBE),
        )


def _mail(
    subscriber: Subscriber, *, template: str, subject: str, link: str
) -> EmailMultiAlternatives:
    """Build a mail in HTML and plain text, in the active language.

    It quotes no text from the form, by which a stranger could send messages of their own.
    """
    unsubscribe = _address_of(subscriber, Purpose.UNSUBSCRIBE)
    context = {
        "subject": subject,
        "link": link,
        "unsubscribe": unsubscribe,
        "site": settings.SITE_URL,
        "days": CONFIRM_WITHIN.days,
    }
    reply_to = [settings.NEWSLETTER_REPLY_TO] if settings.NEWSLETTER_REPLY_TO else None
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"email/{template}.txt", context),
        to=[subscriber.email],
        reply_to=reply_to,
        headers={
            # RFC 8058: mail programs can unsubscribe with one click.
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            # Keeps Exchange from replying with absence notices and receipts.
            "X-Auto-Response-Suppress": "All",
            "Content-Language": translation.get_language(),
            # By default it would name the machine.
            "Message-ID": make_msgid(domain=site_host()),
        },
    )
    mail.encoding = SEVEN_BITS
    mail.attach_alternative(render_to_string(f"email/{template}.html", context), "text/html")
    return mail


def _address_of(subscriber: Subscriber, purpose: Purpose, *, sign_up: int | None = None) -> str:
    token = make(subscriber, purpose, sign_up=sign_up)
    return settings.SITE_URL + reverse(f"newsletter:{purpose}", args=[token])


# Limits of mails caused by an address entered into a form, whose owner may not have asked for it. Counts are kept by
# mailbox (`addresses.mailbox_of`), since one mailbox's address can be spelt in many ways.


SECONDS_BETWEEN_MAILS = 10 * 60
DAILY_LIMIT = Limit("newsletter-mails-to-address", 5, 24 * 60 * 60)
# People who complained or asked for erasure get at most one mail in this time, whoever signs them up.
BETWEEN_MAILS_TO_OBJECTORS = timedelta(days=30)
OBJECTIONS = [SuppressionReason.COMPLAINED, SuppressionReason.ERASED]


class Occasion(StrEnum):
    """The cause of a mail. Each is counted separately, so that a person may unsubscribe right after signing up."""

    SIGN_UP = "sign-up"
    LIST = "list"
    LEAVING = "leaving"


def may_write_to(subscriber: Subscriber, occasion: Occasion, *, job_id: int | None) -> bool:
    """Return whether a mail may be sent now: ten minutes after the last, five a day, one in 30 days after an objection.

    The retry of a job that was allowed is allowed. The ten minutes start again when a subscription ends, so that a new
    sign-up is answered at once. Only sign-ups are counted by mailbox: the other occasions reach known addresses alone.
    """
    is_sign_up = occasion == Occasion.SIGN_UP
    if is_sign_up and _was_asked_recently(subscriber.email):
        return False
    counted = mailbox_of(subscriber.email) if is_sign_up else subscriber.email
    ended = subscriber.ended_at.timestamp() if subscriber.ended_at else ""
    mark = f"newsletter:mail:{occasion}:{address_key(counted)}:{ended}"
    if cache.add(mark, job_id, timeout=SECONDS_BETWEEN_MAILS):
        return DAILY_LIMIT.allows(f"{occasion} {counted}")
    return job_id is not None and cache.get(mark) == job_id


def record_request(email: str) -> None:
    """Record that the owner of the address was asked to confirm, if they once objected."""
    _objections(email).update(asked_at=timezone.now())


def _was_asked_recently(email: str) -> bool:
    since = timezone.now() - BETWEEN_MAILS_TO_OBJECTORS
    return _objections(email).filter(asked_at__gt=since).exists()


def _objections(email: str) -> SuppressedAddressQuerySet:
    rows = SuppressedAddress.objects.filter(reason__in=OBJECTIONS)
    return rows.of_address(email) | rows.of_address(mailbox_of(email))


logger = logging.getLogger(__name__)

KEEP_UNCERTAIN = 7 * 24 * 3600  # seconds; longer than the retries of a job


def send_single(mail: EmailMessage, *, job_id: int | None) -> Sent | AddressRefused | None:
    """Send the mail of a job. Return the outcome if the server accepted it or has no such mailbox; None if given up.

    Raises MailNotSentError after a temporary failure, for the job to be retried. If the connection is lost before the
    server answers, the mail is retried once at most. All attempts of a job have one Message-ID, so that mail programs
    show the mail only once.
    """
    if job_id is not None:
        mail.extra_headers["Message-ID"] = _message_id_of(job_id)
    outcome = _hand_over(mail)
    match outcome:
        case Sent() | AddressRefused():
            return outcome
        case PermanentFailure(error):
            logger.warning("newsletter.mail_given_up", extra={"error": error, "job": job_id or 0})
            return None
        case Unknown(error) if not _is_first_loss(job_id):
            logger.warning("newsletter.mail_uncertain", extra={"error": error, "job": job_id or 0})
            return None
    raise MailNotSentError(outcome.error)


def _message_id_of(job_id: int) -> str:
    """Return the same Message-ID for each attempt of a job, hashed so that it reveals no number of jobs."""
    return f"<{keyed_hash(f'job {job_id}', purpose='message-id')[:32]}@{site_host()}>"


def _hand_over(mail: EmailMessage) -> Outcome:
    transport = make_transport()
    try:
        return transport.send_message(mail)
    finally:
        transport.close()


def _is_first_loss(job_id: int | None) -> bool:
    """Return whether no earlier attempt of the job had an unknown outcome."""
    return job_id is not None and cache.add(
        f"newsletter:uncertain:{job_id}", True, timeout=KEEP_UNCERTAIN
    )
