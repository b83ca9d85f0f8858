"""A mail as readers will get it, to the one who tries it out."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.models import IssuePage
from newsletter.words import Slot, fill

from .contents import editions_of


def trial_mail(page: IssuePage, *, language: str, to: str) -> EmailMultiAlternatives:
    """The issue as readers of a language get it. Its personal links lead to the sign-up: they are nobody's."""
    [edition] = editions_of(page, {language: 0})
    with translation.override(language):
        links = dict.fromkeys(Slot, settings.SITE_URL + reverse("newsletter:subscribe"))
    mail = EmailMultiAlternatives(
        subject=_("[Test] %(subject)s") % {"subject": edition.mail.subject},
        body=fill(edition.mail.text, links),
        to=[to],
        headers={"Content-Language": language},
    )
    mail.attach_alternative(fill(edition.mail.html, links), "text/html")
    return mail
