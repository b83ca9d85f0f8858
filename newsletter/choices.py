"""The vocabulary of the newsletter."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a subscriber stands. Only the confirmed are written to."""

    PENDING = "pending", _("Pending")
    CONFIRMED = "confirmed", _("Confirmed")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    SUPPRESSED = "suppressed", _("Suppressed")


class ConsentEvent(TextChoices):
    """What happened to a person's consent."""

    SIGN_UP = "sign_up", _("Sign-up")
    CONFIRMATION = "confirmation", _("Confirmation")
    PREFERENCE_CHANGE = "preference_change", _("Change of preferences")
    UNSUBSCRIPTION = "unsubscription", _("Unsubscription")
    SUPPRESSION = "suppression", _("Suppression")
    EXPIRY = "expiry", _("Sign-up not confirmed in time")
    ERASURE = "erasure", _("Erasure")


class SuppressionReason(TextChoices):
    """Why an address is not to be written to."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    ERASED = "erased", _("Asked to be erased")
    BOUNCED = "bounced", _("Mail to the address bounced")
    COMPLAINED = "complained", _("Complained of unwanted mail")
