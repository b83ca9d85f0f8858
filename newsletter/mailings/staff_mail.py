"""Mails to staff: test messages of an issue, and notices that a mailing is paused."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.metadata import absolute
from core.models import User
from newsletter.choices import MailingState
from newsletter.delivery.messages import Message, compose
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.transports import make_transport
from newsletter.issues.rendering import editions_of
from newsletter.mail_content import Slot
from newsletter.message_ids import site_host
from newsletter.models import IssuePage, Mailing
from newsletter.permissions import SEND


def colleagues_of(user: User) -> QuerySet[User]:
    """Select other staff with an address, to whom `user` may send tests. Only superusers see superusers."""
    staff = get_user_model().objects.with_perm(
        "wagtailadmin.access_admin", backend="django.contrib.auth.backends.ModelBackend"
    )
    colleagues = staff.exclude(email="").exclude(pk=user.pk).order_by("email")
    return colleagues if user.is_superuser else colleagues.exclude(is_superuser=True)


def send_test(page: IssuePage, *, language: str, to: Sequence[str]) -> Sequence[Outcome]:
    """Send a test of the issue in one language to each address; return the outcomes in the same order.

    The messages are built and sent as those of a mailing, with their headers. Their personal links lead to the sign-up
    form, since they belong to no subscriber.
    """
    transport = make_transport()
    try:
        messages = list(_messages(page, language=language, to=to))
        size = transport.batch_size
        batches = [messages[start : start + size] for start in range(0, len(messages), size)]
        return [outcome for batch in batches for outcome in transport.send(batch)]
    finally:
        transport.close()


def _messages(page: IssuePage, *, language: str, to: Iterable[str]) -> Iterable[Message]:
    [edition] = editions_of(page, {language: 0})
    subject = _("[Test] %(subject)s") % {"subject": edition.mail.subject}
    template = compose(replace(edition.mail, subject=subject))
    with translation.override(language):
        links = dict.fromkeys(Slot, settings.SITE_URL + reverse("newsletter:subscribe"))
    for number, address in enumerate(to):
        yield template.for_(
            address=address,
            links=links,
            mailing_id=0,  # No mailing, so that events of the provider are not attributed to a reader.
            delivery_id=-number,
            message_id=f"<{secrets.token_hex(16)}.test@{site_host()}>",
        )


def notice_of(mailing: Mailing) -> EmailMessage | None:
    """Return the notice that a mailing is paused, and why. None if it no longer is, or if there are no recipients."""
    recipients = _addresses_of_senders()
    if mailing.state != MailingState.PAUSED or not recipients:
        return None
    with override(settings.LANGUAGE_CODE):
        reason = mailing.get_pause_reason_display()
        paragraphs = [
            _("“%(subject)s” is paused and needs your attention.") % {"subject": mailing.subject},
            f"{reason}. {mailing.pause_details}".strip(),
            _("Review it here, then resume or cancel it:") + "\n" + absolute(address_of(mailing)),
        ]
        return EmailMessage(
            subject=_("Newsletter paused: %(subject)s") % {"subject": mailing.subject},
            body="\n\n".join(paragraphs),
            to=recipients,
        )


def address_of(mailing: Mailing) -> str:
    """Return the path of the admin page of a mailing."""
    return reverse("newsletter_mailing", args=[mailing.pk])


def _addresses_of_senders() -> list[str]:
    """Return the addresses of active users who may send issues."""
    app_label, codename = SEND.split(".")
    permission = {"content_type__app_label": app_label, "codename": codename}
    holders = Q(is_superuser=True)
    for path in ("user_permissions", "groups__permissions"):
        holders |= Q(**{f"{path}__{name}": value for name, value in permission.items()})
    users = get_user_model().objects.filter(holders, is_active=True).exclude(email="")
    return sorted(set(users.values_list("email", flat=True)))
