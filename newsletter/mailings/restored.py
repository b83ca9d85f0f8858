"""What becomes of mailings when a person lets a restored site send mail."""

from typing import Any

from django.dispatch import receiver

from core.mail_hold.services import mail_released
from newsletter.choices import PauseReason
from newsletter.delivery import progress
from newsletter.models import Mailing


@receiver(mail_released)
def pause_mailings(**_signal: Any) -> None:
    """Pause what was being sent: the original may have brought it to readers who seem to wait here."""
    for mailing_id in Mailing.objects.sending().values_list("pk", flat=True):
        progress.pause(mailing_id=mailing_id, reason=PauseReason.RESTORED)
