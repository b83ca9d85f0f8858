"""The mails that the newsletter sends to one person."""

from email.charset import QP, Charset
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .models import SignUp, Subscriber
from .tokens import CONFIRM_WITHIN, Purpose, make

# Not every mail server takes 8 bits. Django's documentation of `EmailMessage.encoding`.
SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP


def confirmation_mail(
    subscriber: Subscriber, sign_up: SignUp | None = None
) -> EmailMultiAlternatives:
    """Return the mail that asks the owner of an address to confirm. `sign_up` is None where a list was imported."""
    with translation.override(sign_up.language if sign_up else subscriber.language):
        return _mail(
            subscriber,
            template="confirmation",
            subject=_("Please confirm that you want our newsletter"),
            link=_address_of(subscriber, Purpose.CONFIRM, sign_up=sign_up.pk if sign_up else None),
        )


def already_subscribed_mail(subscriber: Subscriber) -> EmailMultiAlternatives:
    """Return the mail that tells the owner of a confirmed address that there is nothing left to do."""
    with translation.override(subscriber.language):
        return _mail(
            subscriber,
            template="already_subscribed",
            subject=_("You already receive our newsletter"),
            link=_address_of(subscriber, Purpose.PREFERENCES),
        )


def leaving_mail(subscriber: Subscriber) -> EmailMultiAlternatives:
    """Return the mail with the link to leave that the owner of the address requested."""
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
    """A mail in HTML and plain text, in the active language. Quotes nothing that the person typed: it may be a
    stranger's message.
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
            # RFC 8058: a program of mail ends the subscription with one click.
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            # Exchange sends neither its notices of absence nor receipts in answer.
            "X-Auto-Response-Suppress": "All",
            "Content-Language": translation.get_language(),
            # Otherwise the name of the machine that sends it would stand there.
            "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        },
    )
    mail.encoding = SEVEN_BITS
    mail.attach_alternative(render_to_string(f"email/{template}.html", context), "text/html")
    return mail


def _address_of(subscriber: Subscriber, purpose: Purpose, *, sign_up: int | None = None) -> str:
    token = make(subscriber, purpose, sign_up=sign_up)
    return settings.SITE_URL + reverse(f"newsletter:{purpose}", args=[token])
