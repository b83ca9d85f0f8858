"""Test messages: an issue as readers will get it, sent to staff."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import User
from newsletter.delivery.messages import Message, compose, site_host
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.transports import make_transport
from newsletter.mail_content import Slot
from newsletter.models import IssuePage

from .editions import editions_of


def colleagues_of(user: User) -> QuerySet[User]:
    """Members of staff with an address whom `user` may send tests to. Only superusers see superusers."""
    staff = get_user_model().objects.with_perm(
        "wagtailadmin.access_admin", backend="django.contrib.auth.backends.ModelBackend"
    )
    colleagues = staff.exclude(email="").exclude(pk=user.pk).order_by("email")
    return colleagues if user.is_superuser else colleagues.exclude(is_superuser=True)


def send_trial(page: IssuePage, *, language: str, to: Sequence[str]) -> Sequence[Outcome]:
    """Send the issue as readers of a language get it to each address; return the outcomes in the same order.

    The messages are made and sent as those of a mailing, with their headers. Their personal links lead to the sign-up,
    since they belong to no subscriber.
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
            mailing_id=0,  # Of no mailing, so that no event of a provider is taken for one of a reader.
            delivery_id=-number,
            message_id=f"<{secrets.token_hex(16)}.test@{site_host()}>",
        )
