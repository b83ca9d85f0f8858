"""Notices to staff by mail."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.metadata import absolute
from newsletter.choices import MailingState
from newsletter.models import Mailing
from newsletter.permissions import SEND


def notice_of(mailing: Mailing) -> EmailMessage | None:
    """Return the notice that a mailing is paused, and why. None if it no longer is, or if nobody has an address."""
    recipients = _who_send()
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
    """Return the page on which staff follow a mailing."""
    return reverse("newsletter_mailing", args=[mailing.pk])


def _who_send() -> list[str]:
    """The addresses of those who may send issues."""
    app_label, codename = SEND.split(".")
    of_permission = {"content_type__app_label": app_label, "codename": codename}
    holders = Q(is_superuser=True)
    for path in ("user_permissions", "groups__permissions"):
        holders |= Q(**{f"{path}__{name}": value for name, value in of_permission.items()})
    users = get_user_model().objects.filter(holders, is_active=True).exclude(email="")
    return sorted(set(users.values_list("email", flat=True)))
